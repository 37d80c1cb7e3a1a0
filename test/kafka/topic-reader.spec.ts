import type { InboundRecord } from '#kafka/records.js';
import { TopicReader } from '#kafka/topic-reader.js';
import { systemClock } from '#runtime/system-clock.js';
import { ownBroker } from './own-broker.js';
import type { OwnBroker } from './own-broker.js';
import { describeWithOwnKafka } from './suites.js';
import { createTopics, produce, uniquePrefix } from './topics.js';
import { until, untilAnswered } from './until.js';

/** Milliseconds: what a reading waits for between two looks, and between two heartbeats for a page. */
const LOOK = 2_000;
const HEARTBEAT = 1_000;

/** The system's, but for what a test adds to it. */
class ShiftedClock {
  #shift = 0;
  readonly #waits = new Map<number, number>();

  now = (): number => systemClock.now() + this.#shift;
  random = (): number => systemClock.random();
  wait = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    this.#waits.set(milliseconds, this.waits(milliseconds) + 1);
    return systemClock.wait(milliseconds, signal);
  };

  /** How often it was asked to wait for so long. */
  waits(milliseconds: number): number {
    return this.#waits.get(milliseconds) ?? 0;
  }

  pass(milliseconds: number): void {
    this.#shift += milliseconds;
  }
}

const silent = (): void => undefined;

const first = (pages: AsyncGenerator<readonly InboundRecord[]>) =>
  pages.next().then(({ value }) => value?.map(({ key }: InboundRecord) => String(key)));

describeWithOwnKafka('reading a topic of a broker that falls silent', () => {
  let broker: OwnBroker;
  let clock: ShiftedClock;
  let topic: string;
  beforeAll(async () => {
    broker = await ownBroker();
  });
  beforeEach(async () => {
    clock = new ShiftedClock();
    topic = `${uniquePrefix()}letters`;
    await untilAnswered('it makes topics', () => createTopics(broker.address, [topic]));
    await produce(broker.address, topic, [{ key: 'a', value: '1', partition: 0 }]);
  });
  afterEach(() => broker.thaw());

  /** @param ends by default where it ends now. */
  const read = (ends?: ReadonlyMap<number, bigint>) => {
    const connection = { brokers: [broker.address], clientId: 'test' };
    const reader = new TopicReader({ connection, clock, log: silent, groupPrefix: 'test-' });
    return reader.read(topic, new AbortController().signal, ends);
  };

  /** A reading that has given its first page, which a broker that has just begun may refuse at first. */
  const readFirst = () =>
    untilAnswered('it is read', async () => {
      const pages = read(new Map([[0, 2n]]));
      expect(await first(pages)).toEqual(['a']);
      return pages;
    });

  it('ends with an error, in the middle of it, where nothing was heard for half a minute', async () => {
    const pages = await readFirst();
    const next = pages.next();
    await broker.freeze();
    clock.pass(31_000);
    await expect(next).rejects.toThrow(/^no word from the broker for 3\d{4} ms$/);
  });

  it('ends with an error where it does not hear where the topic ends', async () => {
    await broker.freeze();
    const next = read().next();
    // The reading began before this.
    clock.pass(31_000);
    await expect(next).rejects.toThrow(/^no word from the broker for 3\d{4} ms$/);
  });

  it('goes on where its reader took longer than that for a page', async () => {
    const pages = await readFirst();
    const handed = clock.waits(HEARTBEAT);
    await produce(broker.address, topic, [{ key: 'b', value: '2', partition: 0 }]);
    await until('the next page is there', () => clock.waits(HEARTBEAT) > handed);
    await broker.freeze();
    clock.pass(31_000);
    const looked = clock.waits(LOOK);
    await until('it has looked', () => clock.waits(LOOK) > looked + 1);
    await broker.thaw();
    await expect(first(pages)).resolves.toEqual(['b']);
    await expect(pages.next()).resolves.toMatchObject({ done: true });
  });
});
