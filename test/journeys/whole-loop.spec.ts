import { relative } from 'node:path';
import { Partitioners } from 'kafkajs';
import type { Admin, Message, Producer } from 'kafkajs';
import { capturedInAll, heldOf, limitOf, overCapturedOf } from '#capture/balances.js';
import { commandsGroup } from '#kafka/topic-names.js';
import { linesOf } from '../../examples/commands/shop-day/day.ts';
import { ownBroker } from '../kafka/own-broker.js';
import type { OwnBroker } from '../kafka/own-broker.js';
import { describeWithOwnKafka } from '../kafka/suites.js';
import { plainClient } from '../kafka/topics.js';
import { until, untilAnswered } from '../kafka/until.js';
import type { ChildLedger } from './child-ledger.js';
import { FollowedStore } from './followed-store.js';
import { metricsOf, onKafka, startKafkaLedger } from './kafka-ledger.js';
import { logIn } from '../event-store/log-in.js';
import { cleanUp, Program, temporaryFolder } from './program.js';
import { expectSoundPublication } from './publication-proof.js';

const PREFIX = 'loop.';
const COMMANDS = `${PREFIX}capture.commands.v1`;
const AUTHORIZATIONS = 10_000;

/** Milliseconds for the whole day on a slow machine. */
const PATIENCE = 600_000;

/** Commands of one send. */
const TOGETHER = 200;

/** Looks in which nothing may happen any more. */
const QUIET_LOOKS = 50;

describeWithOwnKafka('A ledger and a connector on the day of a shop', () => {
  let broker: OwnBroker;
  let folder: string;
  let ledger: ChildLedger;
  let connector: Program;
  let producer: Producer;
  let admin: Admin;
  let store: FollowedStore;

  beforeEach(async () => {
    broker = await ownBroker();
    folder = temporaryFolder();
    ledger = await startKafkaLedger(folder, broker.address, PREFIX);
    connector = startConnector();
    store = new FollowedStore(folder);
    const client = plainClient(broker.address);
    producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    admin = client.admin();
    await Promise.all([producer.connect(), admin.connect()]);
  });
  afterEach(async () => {
    await Promise.all([producer.disconnect(), admin.disconnect()]);
    await store.close();
    await cleanUp();
  });

  const startConnector = (): Program => {
    const main = 'dist/apps/sandbox-connector/src/main.js';
    return new Program(relative('dist/apps/capture-ledger/src', main), [], {
      ...onKafka(broker.address, PREFIX),
      SANDBOX_LATE_MS: '500',
      LEDGER_LOG_LEVEL: 'error',
    });
  };

  const send = async (messages: readonly Message[]): Promise<void> => {
    for (let from = 0; from < messages.length; from += TOGETHER) {
      const part = messages.slice(from, from + TOGETHER);
      // As senders do: what may not have arrived is sent again.
      await untilAnswered('a part of the day is sent', () =>
        producer.send({ topic: COMMANDS, messages: part }),
      );
    }
  };

  /** Until all that was sent is decided and published, and nothing has a word of the connector's to wait for. */
  const settled = async (what: string, mayStayPending: (amount: number) => boolean) => {
    for (let quiet = 0; quiet < QUIET_LOOKS;) {
      const { position } = store;
      // However long the day takes, something must soon move.
      await until(what, async () => {
        await store.read();
        const moved = store.position !== position;
        return moved || !(openIn(store, mayStayPending) || (await isBehind()));
      });
      quiet = store.position === position ? quiet + 1 : 0;
    }
  };

  /** Whether commands wait for the ledger, as the broker knows it, or events for its publisher. */
  const isBehind = async (): Promise<boolean> => {
    const ends = await admin.fetchTopicOffsets(COMMANDS);
    const [group] = await admin.fetchOffsets({
      groupId: commandsGroup(PREFIX),
      topics: [COMMANDS],
    });
    const committed = new Map(group!.partitions.map((one) => [one.partition, one.offset]));
    if (ends.some(({ partition, high }) => committed.get(partition) !== high)) return true;
    return !/^ledger_publication_lag_events\S* 0$/m.test(await metricsOf(ledger.url));
  };

  /** As an operator does, who has looked up what became of it. */
  const forwardAllThatIsStuck = async (): Promise<void> => {
    const captures = store.captures
      .filter(([, { status }]) => status === 'pending')
      .map(([id, { captureId }]) => messageOf('ForwardStuckCapture', id, { captureId }));
    const refunds = store.refunds
      .filter(([, , { status }]) => status === 'pending')
      .map(([id, { captureId }, { refundId }]) =>
        messageOf('ForwardStuckRefund', id, { captureId, refundId }),
      );
    expect(captures.length).toBeGreaterThan(10);
    await send([...captures, ...refunds]);
  };

  it(
    'bring every capture to its end, each of them killed in turn, and readers have all of it',
    async () => {
      const day = theDay();
      const part = Math.ceil(day.length / 4);
      await send(day.slice(0, part));
      ledger.program.kill('SIGKILL');
      await send(day.slice(part, 2 * part));
      ledger = await startKafkaLedger(folder, broker.address, PREFIX);
      await send(day.slice(2 * part, 3 * part));
      connector.kill('SIGKILL');
      await connector.ended();
      connector = startConnector();
      // Not in the midst of a commit: a broker alone that is killed there may forget what it has acknowledged.
      await settled('three quarters of the day are over', staysStuck);
      await broker.kill();
      const sent = send(day.slice(3 * part));
      await broker.start();
      await sent;
      await settled('the day is over', staysStuck);

      await forwardAllThatIsStuck();
      await settled('what was stuck is over', () => false);

      expect(store.authorizations.length).toBeGreaterThan(0.9 * AUTHORIZATIONS);
      for (const [, state] of store.authorizations) {
        expect(overCapturedOf(state)).toBe(0n);
        expect(heldOf(state)).toBeLessThanOrEqual(limitOf(state));
        expect(capturedInAll(state)).toBe(heldOf(state));
      }
      await expectSoundPublication(broker.address, PREFIX, await logIn(folder));
    },
    PATIENCE,
  );
});

/** Amounts of which the sandbox says nothing more before they are forwarded: see its README. */
const staysStuck = (amount: number): boolean => [3, 4].includes(amount % 100);

/** Whether a capture or a refund, or the cancelling of a capture, waits for the connector. */
const openIn = (
  { captures, refunds }: FollowedStore,
  mayStayPending: (amount: number) => boolean,
): boolean =>
  captures.some(([, { voidInFlight }]) => voidInFlight) ||
  [...captures.map(([, one]) => one), ...refunds.map(([, , one]) => one)].some(
    ({ status, amount }) =>
      status === 'requested' || (status === 'pending' && !mayStayPending(amount)),
  );

/** What the shop sends: what its connector tells is told by the sandbox. */
const theDay = (): readonly Message[] =>
  linesOf({ seed: 7, authorizations: AUTHORIZATIONS }).flatMap((line) => {
    const said = membersIn(line);
    if (!said || String(said['type']).endsWith('Outcome')) return [];
    const { type, commandId, authorizationId, ...more } = said;
    return [messageOf(String(type), String(authorizationId), more, String(commandId))];
  });

const messageOf = (
  type: string,
  authorizationId: string,
  said: Readonly<Record<string, unknown>>,
  commandId = [type, ...Object.values(said)].join(':'),
): Message => ({
  key: authorizationId,
  value: JSON.stringify(said),
  headers: { ce_specversion: '1.0', ce_id: commandId, ce_type: type, ce_source: '/shop' },
});

/** Undefined of a line that was torn. */
const membersIn = (line: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
};
