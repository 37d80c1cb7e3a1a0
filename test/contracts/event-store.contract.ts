import { randomUUID } from 'node:crypto';
import { assert, asyncProperty } from 'fast-check';
import { MAX_BYTES_OF_APPEND, MAX_EVENTS_OF_APPEND } from '#event-store/append-limits.js';
import {
  AppendTooLarge,
  NO_STREAM,
  StoreUnavailable,
  WrongExpectedRevision,
} from '#event-store/event-store.js';
import type {
  EventStore,
  NewEvent,
  RecordedEvent,
  StreamCursor,
} from '#event-store/event-store.js';
import { newEvent, newEvents } from './new-events.ts';
import { randomAppends, tellsTheSameAs } from './random-appends.ts';

const idsOf = (events: readonly NewEvent[]) => events.map(({ eventId }) => eventId);
const revisionsOf = (events: readonly RecordedEvent[]) => events.map(({ revision }) => revision);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/**
 * What every event store must do, whatever it is made of. `open` opens an empty one, and clears away
 * after itself; the suite closes it.
 */
export const itKeepsTheEventStoreContract = (open: () => Promise<EventStore>): void => {
  let store: EventStore;
  let stream: string;

  beforeEach(async () => {
    store = await open();
    stream = `authorization-default/${randomUUID()}`;
  });
  afterEach(() => store.close());

  /** Appends in parts, each on top of the one before. */
  const write = async (to: string, events: readonly NewEvent[], at = NO_STREAM): Promise<void> => {
    let revision = at;
    for (let from = 0; from < events.length; from += MAX_EVENTS_OF_APPEND)
      ({ revision } = await store.append(
        to,
        events.slice(from, from + MAX_EVENTS_OF_APPEND),
        revision,
      ));
  };

  const takePages = async (after: number, count: number): Promise<RecordedEvent[]> => {
    const enough = new AbortController();
    const taken: RecordedEvent[] = [];
    for await (const page of store.subscribe(after, enough.signal)) {
      expect(page.length).toBeGreaterThan(0);
      taken.push(...page);
      if (taken.length >= count) enough.abort();
    }
    return taken;
  };

  it('says which log it is, and in which epoch', () => {
    expect(store.identity).toEqual({ shard: 0, epoch: 1 });
  });

  describe('a stream', () => {
    it('is empty before its first event', async () => {
      expect(await store.readStream(stream)).toEqual([]);
    });

    it('numbers its events from 0, in the order of the appends and within each', async () => {
      const events = newEvents(5);
      expect(await store.append(stream, events.slice(0, 2), NO_STREAM)).toMatchObject({
        revision: 1,
      });
      expect(await store.append(stream, events.slice(2), 1)).toMatchObject({ revision: 4 });
      const read = await store.readStream(stream);
      expect(read).toMatchObject(events.map((event, revision) => ({ ...event, stream, revision })));
      for (const { recordedAt } of read) expect(Number.isSafeInteger(recordedAt)).toBe(true);
    });

    it('gives back what was handed over, character by character', async () => {
      const strange = [
        '',
        '\u0000',
        '\n',
        '"\\',
        'é',
        '\u2028',
        '💶',
        '\uffff',
        '0'.repeat(10_000),
      ];
      const events = strange.map((note) => newEvent(note));
      await store.append(stream, events, NO_STREAM);
      const read = await store.readStream(stream);
      expect(read.map(({ data, metadata }) => ({ data, metadata }))).toEqual(
        events.map(({ data, metadata }) => ({ data, metadata })),
      );
    });

    it('is read from any revision on, and no further than asked', async () => {
      await write(stream, newEvents(7));
      expect(revisionsOf(await store.readStream(stream, { from: 5 }))).toEqual([5, 6]);
      expect(revisionsOf(await store.readStream(stream, { limit: 2 }))).toEqual([0, 1]);
      expect(revisionsOf(await store.readStream(stream, { from: 3, limit: 2 }))).toEqual([3, 4]);
      expect(await store.readStream(stream, { from: 7 })).toEqual([]);
      expect(await store.readStream(stream, { limit: 0 })).toEqual([]);
    });

    it('of 10 000 events is read whole, and in parts', async () => {
      const events = newEvents(10_000);
      await write(stream, events);
      const read = await store.readStream(stream);
      expect(revisionsOf(read)).toEqual(upTo(10_000));
      expect(idsOf(read)).toEqual(idsOf(events));
      expect(revisionsOf(await store.readStream(stream, { from: 9_998 }))).toEqual([9_998, 9_999]);
      expect(await store.readStream(stream, { from: 100, limit: 2_500 })).toEqual(
        read.slice(100, 2_600),
      );
    }, 60_000);
  });

  describe('an expected revision', () => {
    it('that the stream has left behind is refused, with the one it stands at', async () => {
      await write(stream, newEvents(3));
      const refused = store.append(stream, newEvents(1), 1);
      await expect(refused).rejects.toMatchObject({ stream, expected: 1, actual: 2 });
      await expect(refused).rejects.toBeInstanceOf(WrongExpectedRevision);
      expect(await store.readStream(stream)).toHaveLength(3);
    });

    it('of "no stream" is refused where there is one', async () => {
      await write(stream, newEvents(1));
      await expect(store.append(stream, newEvents(1), NO_STREAM)).rejects.toMatchObject({
        expected: NO_STREAM,
        actual: 0,
      });
    });

    it('that the stream has not reached is refused', async () => {
      await expect(store.append(stream, newEvents(1), 0)).rejects.toMatchObject({
        expected: 0,
        actual: NO_STREAM,
      });
      await write(stream, newEvents(1));
      await expect(store.append(stream, newEvents(1), 5)).rejects.toMatchObject({ actual: 0 });
    });

    it('lets one of many writers through, and tells the others', async () => {
      await write(stream, newEvents(1));
      const rivals = upTo(50).map(() => newEvents(2));
      const outcomes = await Promise.allSettled(rivals.map((it) => store.append(stream, it, 0)));
      const won = outcomes.filter(({ status }) => status === 'fulfilled');
      const lost = outcomes.flatMap((it) => (it.status === 'rejected' ? [it.reason as Error] : []));
      expect(won).toMatchObject([{ value: { revision: 2 } }]);
      expect(lost).toHaveLength(49);
      for (const error of lost) expect(error).toBeInstanceOf(WrongExpectedRevision);
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      const read = await store.readStream(stream, { from: 1 });
      expect(idsOf(read)).toEqual(idsOf(rivals[winner]!));
    });
  });

  describe('an append', () => {
    it('of several events is made whole or not at all', async () => {
      await write(stream, newEvents(1));
      await expect(store.append(stream, newEvents(40), NO_STREAM)).rejects.toThrow(
        WrongExpectedRevision,
      );
      expect(await store.readStream(stream)).toHaveLength(1);
      await store.append(stream, newEvents(40), 0);
      expect(await store.readStream(stream)).toHaveLength(41);
    });

    it('that is refused does not disturb those that are made with it', async () => {
      const others = upTo(20).map((index) => `${stream}-${index}`);
      await write(stream, newEvents(1));
      const outcomes = await Promise.allSettled([
        ...others.slice(0, 10).map((other) => store.append(other, newEvents(3), NO_STREAM)),
        store.append(stream, newEvents(40), NO_STREAM),
        store.append(stream, newEvents(2_000), 0),
        store.append(stream, newEvents(1), 7),
        ...others.slice(10).map((other) => store.append(other, newEvents(3), NO_STREAM)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        ...Array<string>(10).fill('fulfilled'),
        ...Array<string>(3).fill('rejected'),
        ...Array<string>(10).fill('fulfilled'),
      ]);
      for (const other of others) expect(await store.readStream(other)).toHaveLength(3);
      expect(await store.readStream(stream)).toHaveLength(1);
    });

    it('is too large beyond its number of events, and none of them is written', async () => {
      const events = newEvents(MAX_EVENTS_OF_APPEND + 1);
      await expect(store.append(stream, events, NO_STREAM)).rejects.toThrow(AppendTooLarge);
      expect(await store.readStream(stream)).toEqual([]);
      await store.append(stream, events.slice(1), NO_STREAM);
      expect(await store.readStream(stream)).toHaveLength(MAX_EVENTS_OF_APPEND);
    });

    it('is too large beyond its number of bytes, characters or not', async () => {
      const euros = '€'.repeat(MAX_BYTES_OF_APPEND / 3);
      await expect(store.append(stream, [newEvent(euros)], NO_STREAM)).rejects.toThrow(
        AppendTooLarge,
      );
      const small = newEvent(euros.slice(200));
      await store.append(stream, [small], NO_STREAM);
      expect(await store.readStream(stream)).toMatchObject([small]);
    });

    it('of nothing, or at what is no revision, is a bug of the caller', async () => {
      await expect(store.append(stream, [], NO_STREAM)).rejects.toThrow(RangeError);
      await expect(store.append(stream, newEvents(1), -2)).rejects.toThrow(RangeError);
      await expect(store.append(stream, newEvents(1), 0.5)).rejects.toThrow(RangeError);
    });
  });

  describe('the identical append again', () => {
    it('has the result of the first, and adds nothing', async () => {
      const events = newEvents(40);
      const first = await store.append(stream, events, NO_STREAM);
      expect(await store.append(stream, events, NO_STREAM)).toEqual(first);
      expect(await store.readAll(0, 100)).toHaveLength(40);
    });

    it('has it too when the stream has moved on', async () => {
      const events = newEvents(2);
      await write(stream, newEvents(3));
      const first = await store.append(stream, events, 2);
      await write(`${stream}-other`, newEvents(5));
      await write(stream, newEvents(4), 4);
      expect(await store.append(stream, events, 2)).toEqual(first);
      expect(await store.readStream(stream)).toHaveLength(9);
    });

    it('is made once when both are under way', async () => {
      const events = newEvents(3);
      const [first, second] = await Promise.all([
        store.append(stream, events, NO_STREAM),
        store.append(stream, events, NO_STREAM),
      ]);
      expect(second).toEqual(first);
      expect(await store.readStream(stream)).toHaveLength(3);
    });

    it('is another append where its place, its length or one of its events is another', async () => {
      const events = newEvents(3);
      await store.append(stream, events, NO_STREAM);
      const others: [readonly NewEvent[], number][] = [
        [events.slice(1), NO_STREAM],
        [[...events, ...newEvents(1)], NO_STREAM],
        [[...events.slice(0, 2), newEvent()], NO_STREAM],
        [newEvents(3), NO_STREAM],
        [events.slice(1), 1],
      ];
      for (const [other, at] of others)
        await expect(store.append(stream, other, at)).rejects.toThrow(WrongExpectedRevision);
      expect(await store.readStream(stream)).toHaveLength(3);
    });
  });

  // Two processes may decide one command at once, or two commands under one id: the event ids, which
  // come of the command id, are the same. Only one of them was written, and only that one may hear so.
  describe('another append under the same event ids', () => {
    it.each([
      ['type', 'CaptureFailed'],
      ['data', newEvent('otherwise').data],
      ['metadata', '{"commandId":"cmd-2","commandIndex":0}'],
    ])('is a conflict where its %s differs', async (member, other) => {
      const [first, ...others] = newEvents(3);
      await store.append(stream, [first!, ...others], NO_STREAM);
      const rival = [{ ...first!, [member]: other }, ...others];
      await expect(store.append(stream, rival, NO_STREAM)).rejects.toThrow(WrongExpectedRevision);
      expect((await store.readStream(stream))[0]).toMatchObject(first!);
    });
  });

  describe('the log', () => {
    it('of an empty store is empty, and its head is 0', async () => {
      expect(await store.readAll(0, 10)).toEqual([]);
      expect(await store.head()).toBe(0);
    });

    it('has the events of all streams in the order of their appends, without gap', async () => {
      await write('b', newEvents(2));
      await write('a', newEvents(1));
      await expect(store.append('a', newEvents(3), NO_STREAM)).rejects.toThrow();
      const last = await store.append('b', newEvents(1), 1);
      const log = await store.readAll(0, 10);
      expect(log.map(({ stream: name, revision }) => `${name}@${revision}`)).toEqual([
        'b@0',
        'b@1',
        'a@0',
        'b@2',
      ]);
      expect(log.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
      expect(last).toEqual({ revision: 2, position: 4 });
      expect(await store.head()).toBe(4);
    });

    it('is read after any position, and no further than asked', async () => {
      await write('a', newEvents(2_500));
      const log = await store.readAll(0, 2_500);
      expect(await store.readAll(2_000, 1)).toEqual([log[2_000]]);
      expect(await store.readAll(10, 2_222)).toEqual(log.slice(10, 2_232));
      expect(await store.readAll(2_500, 10)).toEqual([]);
      expect(await store.readAll(0, 0)).toEqual([]);
    });

    it('grouped by stream has every event once, each stream in order', async () => {
      const names = ['c', 'a', 'b'];
      for (const name of names) await write(name, newEvents(7));
      for (const name of names) await write(name, newEvents(3), 6);
      for (const limit of [1, 4, 10, 30, 1_000]) {
        const read: RecordedEvent[] = [];
        let next: StreamCursor | undefined;
        do {
          const page = await store.readByStream(next, limit);
          expect(page.events.length).toBeLessThanOrEqual(limit);
          read.push(...page.events);
          ({ next } = page);
        } while (next);
        expect(read).toHaveLength(30);
        const order = [...new Set(read.map((event) => event.stream))];
        expect(order.toSorted()).toEqual(['a', 'b', 'c']);
        expect(read).toEqual((await Promise.all(order.map((it) => store.readStream(it)))).flat());
      }
    });
  });

  describe('a subscription', () => {
    it('catches up from the beginning, then follows', async () => {
      await write(stream, newEvents(2_345));
      const taken = takePages(0, 2_400);
      await write(stream, newEvents(55), 2_344);
      expect(await taken).toEqual(await store.readAll(0, 2_400));
    });

    it('begins after any position, the last one too', async () => {
      await write(stream, newEvents(10));
      expect(await takePages(7, 3)).toEqual(await store.readAll(7, 3));
      const taken = takePages(10, 1);
      await write(stream, newEvents(1), 9);
      expect(await taken).toMatchObject([{ position: 11 }]);
    });

    it('misses nothing of what is appended meanwhile, and sees it in order', async () => {
      const writers = upTo(10).map(async (index) => {
        for (let revision = NO_STREAM; revision < 29; revision += 3)
          await store.append(`${stream}-${index}`, newEvents(3), revision);
      });
      const [one, other] = await Promise.all([takePages(0, 300), takePages(0, 300), ...writers]);
      expect(one.map(({ position }) => position)).toEqual(upTo(300).map((index) => index + 1));
      expect(other).toEqual(one);
    });

    it('ends when it is told to, waiting or not yet begun', async () => {
      const waiting = new AbortController();
      const pages: unknown[] = [];
      const ended = (async () => {
        for await (const page of store.subscribe(0, waiting.signal)) pages.push(page);
      })();
      await write(stream, newEvents(1));
      waiting.abort();
      await ended;
      for await (const page of store.subscribe(0, AbortSignal.abort())) pages.push(page);
      expect(pages.length).toBeLessThanOrEqual(1);
    });
  });

  it('keeps its promises under random appends, many at a time', async () => {
    const kept = asyncProperty(randomAppends, (rounds) =>
      tellsTheSameAs(store, randomUUID(), rounds),
    );
    await assert(kept, { numRuns: 10 });
  }, 60_000);

  it('takes nothing more once it is closed, and has made what it took', async () => {
    const taken = store.append(stream, newEvents(2), NO_STREAM);
    const closed = store.close();
    expect(await taken).toMatchObject({ revision: 1 });
    await closed;
    const refusal = expect.objectContaining({ why: 'closed' });
    await expect(store.append(stream, newEvents(1), 1)).rejects.toThrow(StoreUnavailable);
    await expect(store.readStream(stream)).rejects.toEqual(refusal);
    await expect(store.readAll(0, 1)).rejects.toEqual(refusal);
    await expect(store.readByStream(undefined, 1)).rejects.toEqual(refusal);
    await expect(store.head()).rejects.toEqual(refusal);
    await store.close();
  });
};
