import { Test } from '@nestjs/testing';
import { CommandGateway } from '#commands/command-gateway.js';
import { CommandsModule } from '#commands/commands.module.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { CommandConsumer } from '#kafka/command-consumer.js';
import type { CommandConsumerParts } from '#kafka/command-consumer.js';
import type { InboundRecord, OutRecord } from '#kafka/records.js';
import { topicNames } from '#kafka/topic-names.js';
import { systemClock } from '#runtime/system-clock.js';
import { quiet } from '../commands/quiet-observer.js';
import { withAppend } from '../commands/store-with-faults.js';
import { removeTemporaryFolders, temporaryFolder } from '../event-store/temporary-folder.js';
import { ManualClock } from '../runtime/fixtures.js';
import { FakeCopies, FakeGroup, FakeSink, FakeSource, keptObserver } from './fake-kafka.js';
import { SENT_AT } from './sent-record.js';

/** The real store and the real way of a command, for consumers to hand records to. */
export type LedgerUnderTest = Readonly<{
  store: EventStore;
  gateway: CommandGateway;
  /** What an append meets instead of the store, as long as it gives an error. */
  trouble: { ofAppend: () => Error | undefined };
  stop(): Promise<void>;
}>;

export const startLedger = async (): Promise<LedgerUnderTest> => {
  const opened = await openSqliteEventStore({ folder: temporaryFolder(), clock: systemClock });
  const trouble: LedgerUnderTest['trouble'] = { ofAppend: () => undefined };
  const store = withAppend(opened, (append, ...args) => {
    const error = trouble.ofAppend();
    return error ? Promise.reject(error) : append(...args);
  });
  const module = await Test.createTestingModule({
    imports: [CommandsModule.forRoot({ store, clock: systemClock, observer: quiet })],
  }).compile();
  await module.init();
  return {
    store,
    gateway: module.get(CommandGateway),
    trouble,
    async stop() {
      await module.close();
      await opened.close();
      removeTemporaryFolders();
    },
  };
};

/** A consumer with a driver that does as it is told, and with time that passes as it is told. */
export const startConsumer = async (
  parts: Pick<CommandConsumerParts, 'answer'> & Partial<CommandConsumerParts>,
) => {
  const [source, sink, copies] = [new FakeSource(), new FakeSink(), new FakeCopies()];
  const clock = new ManualClock();
  clock.advance(SENT_AT);
  const { observer, told } = keptObserver();
  const topics = topicNames('');
  const consumer = new CommandConsumer({
    source,
    sink,
    copies,
    topics,
    clock,
    observer,
    replyTopics: /^[\w.-]+\.reply$/,
    ...parts,
  });
  await consumer.start();
  return {
    consumer,
    source,
    sink,
    copies,
    clock,
    told,
    /** What was published to one of our topics, in order. */
    published: (topic: keyof typeof topics): readonly OutRecord[] =>
      sink.published.filter((record) => record.topic === topics[topic]),
    /** Hands over a group; whether its offsets would be committed shows in `work`. */
    hand: (records: readonly InboundRecord[]) => {
      const group = new FakeGroup(records);
      const state = { now: 'working' as 'working' | 'committed' | 'given back' };
      const work = source.hand(group);
      const seen = work.then(
        () => void (state.now = 'committed'),
        () => void (state.now = 'given back'),
      );
      return { group, work, state, seen };
    },
    /** Lets time pass, a hundred times as fast as elsewhere, until it is so. */
    passUntil: async (isSo: () => boolean): Promise<void> => {
      while (!isSo()) {
        clock.advance(100);
        await systemClock.wait(1);
      }
    },
  };
};

export type ConsumerUnderTest = Awaited<ReturnType<typeof startConsumer>>;

/** Time passes until the group is done with; rejects as its work does. */
export const workedOff = async (
  { passUntil }: ConsumerUnderTest,
  { work, state }: ReturnType<ConsumerUnderTest['hand']>,
): Promise<void> => {
  await passUntil(() => state.now !== 'working');
  await work;
};

/** A gate that lets nobody through until it is opened. */
export const gate = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
};
