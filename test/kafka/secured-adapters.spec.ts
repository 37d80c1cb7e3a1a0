import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
} from 'kafkajs';
import type { AclEntry, Admin } from 'kafkajs';
import type { KafkaConnection } from '#kafka/kafka-connection.js';
import { KafkajsCommandSource } from '#kafka/kafkajs-command-source.js';
import { KafkajsCopySink } from '#kafka/kafkajs-copy-sink.js';
import { KafkajsRecordSink } from '#kafka/kafkajs-record-sink.js';
import { unusedGroup } from '#kafka/unused-group.js';
import { systemClock } from '#runtime/system-clock.js';
import { SESSION_TIMEOUT } from '../contracts/members.js';
import { Heard } from './heard.js';
import { PASSWORD, securedBroker } from './secured-broker.js';
import type { SecuredBroker } from './secured-broker.js';
import { describeWithOwnKafka } from './suites.js';
import { asOperator, createTopics, produce, readAll, uniquePrefix } from './topics.js';
import { until, untilAnswered } from './until.js';
import { Worker } from './worker.js';

/** Lets bob read, or only look. */
const aclOf = (
  resourceType: AclResourceTypes,
  resourceName: string,
  operation = AclOperationTypes.READ,
): AclEntry => ({
  resourceType,
  resourceName,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: 'User:bob',
  host: '*',
  operation,
  permissionType: AclPermissionTypes.ALLOW,
});

describeWithOwnKafka('over TLS, with users and access control,', () => {
  let secured: SecuredBroker;
  let topic: string;
  let group: string;
  let heard: Heard;
  let logged: unknown[];

  beforeAll(async () => {
    secured = await securedBroker();
  });
  beforeEach(async () => {
    topic = `${uniquePrefix()}commands`;
    group = `${topic}.group`;
    heard = new Heard();
    logged = [];
    await createTopics(secured.broker.address, [topic]);
  });

  /** What all three adapters are made of, for a user. */
  const partsFor = (username: string, password = PASSWORD) => ({
    connection: {
      brokers: [secured.broker.addressOf('SASL_SSL')],
      clientId: 'secured',
      ssl: { ca: secured.ca },
      sasl: { mechanism: 'scram-sha-512', username, password },
    } satisfies KafkaConnection,
    clock: systemClock,
    observer: heard.observer,
    log: (...line: unknown[]): void => void logged.push(line),
  });

  const sourceFor = (username: string, password?: string): KafkajsCommandSource =>
    new KafkajsCommandSource({
      ...partsFor(username, password),
      topic,
      groupId: group,
      sessionTimeoutMs: SESSION_TIMEOUT,
    });

  /** Changes what bob may do; whoever comes by the plain listener may do that. */
  const change = (task: (admin: Admin) => Promise<unknown>): Promise<unknown> =>
    asOperator(secured.broker.address, task);

  it('a record goes there and back by SCRAM-SHA-512, and a copy beside it', async () => {
    const sink = new KafkajsRecordSink(partsFor('ada'));
    const copies = new KafkajsCopySink(partsFor('ada'));
    const source = sourceFor('ada');
    const worker = new Worker();
    const record = { topic, key: 'k', headers: {} };
    await sink.publish([{ ...record, value: 'published' }]);
    await copies.copy([{ ...record, value: 'copied' }], 20_000);
    await source.start(worker.work);
    await until('both came', () => worker.done.length === 2);
    expect(worker.doneValues).toEqual(['published', 'copied']);
    expect(heard.copiesFailed).toEqual([]);
    await Promise.all([source.stop(), sink.close(), copies.close()]);
  });

  it('a wrong password is said to be the reason, and is said to nobody', async () => {
    const sink = new KafkajsRecordSink(partsFor('ada', 'battery staple'));
    const source = sourceFor('ada', 'battery staple');
    await source.start(new Worker().work);
    await until('it says so', () => heard.state === 'away');
    expect(heard.states.at(-1)!.detail).toMatch(/authentication failed/i);
    await expect(sink.publish([{ topic, key: 'k', value: 'v', headers: {} }])).rejects.toThrow(
      /authentication failed/i,
    );
    await Promise.all([source.stop(), sink.close()]);
    expect(await readAll(secured.broker.address, topic)).toEqual([]);
    expect(JSON.stringify([logged, heard.states])).not.toContain('battery staple');
  });

  it('who may not read waits, says why, and begins when it may; and again after it might not', async () => {
    const source = sourceFor('bob');
    const worker = new Worker();
    await produce(secured.broker.address, topic, [{ key: 'k', value: 'first' }]);
    await source.start(worker.work);
    await until('it says so', () => heard.state === 'away');
    expect(heard.states.at(-1)!.detail).toMatch(/not authorized|no topic/i);

    const acl = [aclOf(AclResourceTypes.TOPIC, topic), aclOf(AclResourceTypes.GROUP, group)];
    await change((admin) => admin.createAcls({ acl }));
    await until('the first is worked off', () => worker.done.length === 1);

    await change((admin) => admin.deleteAcls({ filters: [acl[1]!] }));
    await until('its consumer has died', () => heard.restarted.length > 0);
    await until('it says so', () => heard.state === 'away');
    expect(heard.states.at(-1)!.detail).toMatch(/not authorized to access group/i);

    await change((admin) => admin.createAcls({ acl: [acl[1]!] }));
    await produce(secured.broker.address, topic, [{ key: 'k', value: 'second' }]);
    await until('the second is worked off', () => worker.doneValues.includes('second'));
    await source.stop();
    expect(heard.fatal).toEqual([]);
  });

  it('a group that may be looked at, and not be joined, is not adopted, and it is said why', async () => {
    const { connection, log } = partsFor('bob');
    const look = AclOperationTypes.DESCRIBE;
    const acl = [aclOf(AclResourceTypes.TOPIC, topic), aclOf(AclResourceTypes.GROUP, group, look)];
    await change((admin) => admin.createAcls({ acl }));
    const { had, adopt } = await untilAnswered('bob may look', () =>
      unusedGroup({ connection, log, groupId: group, topic }),
    );
    expect(had).toEqual([]);
    await expect(adopt({ id: 'store', epoch: 1 })).rejects.toThrow(
      /not authorized to access group/i,
    );
  });
});
