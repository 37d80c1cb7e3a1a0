import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
} from 'kafkajs';
import type { SASLOptions } from 'kafkajs';
import type { KafkaConnection } from '#kafka/kafka-connection.js';
import { isUnreachable } from '#kafka/kafkajs-errors.js';
import { TopicAdmin } from '#kafka/topic-admin.js';
import { TopicForbidden, TopicsMissing } from '#kafka/topic-errors.js';
import { topicNames } from '#kafka/topic-names.js';
import { missingTopics } from '#kafka/topic-plan.js';
import { commandTopics } from '#kafka/topics.js';
import type { TopicSpecification } from '#kafka/topics.js';
import { systemClock } from '#runtime/system-clock.js';
import { PASSWORD, securedBroker } from './secured-broker.js';
import type { SecuredBroker } from './secured-broker.js';
import { describeWithOwnKafka } from './suites.js';
import { asOperator, PARTITIONS, uniquePrefix } from './topics.js';

const log = (): void => undefined;

const loginOf = (
  username: string,
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512' = 'plain',
  password = PASSWORD,
): SASLOptions => ({ mechanism, username, password });

const wantedTopics = (): readonly TopicSpecification[] =>
  commandTopics(topicNames(uniquePrefix()), PARTITIONS);

describeWithOwnKafka('a broker with TLS, users and access control', () => {
  let secured: SecuredBroker;

  beforeAll(async () => {
    secured = await securedBroker();
  });

  const adminBy = (
    listener: 'SSL' | 'SASL_SSL',
    security: Pick<KafkaConnection, 'ssl' | 'sasl'>,
  ): TopicAdmin => {
    const brokers = [secured.broker.addressOf(listener)];
    return new TopicAdmin({
      connection: { brokers, clientId: 'secured', ...security },
      log,
      clock: systemClock,
    });
  };

  const adminOf = (sasl: SASLOptions): TopicAdmin =>
    adminBy('SASL_SSL', { ssl: { ca: secured.ca }, sasl });

  const letBobDescribe = (topic: string): Promise<boolean> => {
    const acl = {
      resourceType: AclResourceTypes.TOPIC,
      resourceName: topic,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: 'User:bob',
      host: '*',
      operation: AclOperationTypes.DESCRIBE,
      permissionType: AclPermissionTypes.ALLOW,
    };
    return asOperator(secured.broker.address, (admin) => admin.createAcls({ acl: [acl] }));
  };

  it('is reached over TLS by who trusts its certificate, and by nobody else', async () => {
    const wanted = wantedTopics();
    const trusting = adminBy('SSL', { ssl: { ca: secured.ca } });
    await expect(trusting.plan(wanted)).resolves.toHaveLength(3);
    const careful: unknown = await adminBy('SSL', { ssl: true })
      .plan(wanted)
      .catch((error: unknown) => error);
    expect(isUnreachable(careful)).toBe(true);
    expect(String(careful)).toContain('self-signed certificate');
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'lets a user in by %s with the right password alone',
    async (mechanism) => {
      const wanted = wantedTopics();
      const plan = await adminOf(loginOf('ada', mechanism)).create(wanted);
      expect(missingTopics(plan)).toEqual([]);
      const refused: unknown = await adminOf(loginOf('ada', mechanism, 'wrong'))
        .plan(wanted)
        .catch((error: unknown) => error);
      expect(isUnreachable(refused)).toBe(true);
    },
  );

  it('does not let everybody make topics, and says so', async () => {
    const making = adminOf(loginOf('bob')).check(wantedTopics(), true);
    await expect(making).rejects.toThrow(TopicForbidden);
    await expect(making).rejects.toThrow(/^this user may not Create .*capture\.commands\.v1$/);
  });

  it('hides topics from who may not describe them', async () => {
    const wanted = wantedTopics();
    await adminOf(loginOf('ada')).create(wanted);
    await expect(adminOf(loginOf('bob')).check(wanted, false)).rejects.toThrow(TopicsMissing);
  });

  it('may show a topic and not its settings, and that is said', async () => {
    const wanted = wantedTopics();
    await adminOf(loginOf('ada')).create(wanted);
    await letBobDescribe(wanted[0]!.name);
    await expect(adminOf(loginOf('bob')).plan(wanted)).rejects.toThrow(
      /^this user may not DescribeConfigs .*capture\.commands\.v1$/,
    );
  });
});
