import { array, assert, nat, oneof, property, record as recordOf } from 'fast-check';
import { partsOf, placed } from '#kafka/record-parts.js';
import type { Part, PlacedRecord } from '#kafka/record-parts.js';

const KIB = 1_024;

const record = (partition: number, value: string | Buffer, topic = 'answers'): PlacedRecord => ({
  topic,
  partition,
  key: 'default/auth_4563',
  value,
  headers: {},
});

/** The values of each partition in each part. */
const valuesIn = (parts: readonly Part[]): Record<string, string[]>[] =>
  parts.map((part) =>
    Object.fromEntries(
      [...part].map(([place, { messages }]) => [place, messages.map(({ value }) => String(value))]),
    ),
  );

const letters = (letter: string, kib: number): string => letter.repeat(kib * KIB);

describe('records on their way out', () => {
  it('go in one send where no partition has much', () => {
    expect(valuesIn(partsOf([record(0, 'a'), record(1, 'b'), record(0, 'c', 'letters')]))).toEqual([
      { 'answers/0': ['a'], 'answers/1': ['b'], 'letters/0': ['c'] },
    ]);
    expect(partsOf([])).toEqual([]);
  });

  it('go in as many sends as the fullest partition needs, each partition in its order', () => {
    const [a, b, c] = [letters('a', 300), letters('b', 300), letters('c', 200)];
    const parts = partsOf([record(0, a), record(0, b), record(1, 'd'), record(0, c)]);
    expect(valuesIn(parts)).toEqual([
      { 'answers/0': [a], 'answers/1': ['d'] },
      { 'answers/0': [b, c] },
    ]);
  });

  it('go alone where they are larger than a send may be', () => {
    const large = letters('l', 600);
    expect(valuesIn(partsOf([record(0, 'a'), record(0, large), record(0, 'b')]))).toEqual([
      { 'answers/0': ['a'] },
      { 'answers/0': [large] },
      { 'answers/0': ['b'] },
    ]);
  });

  it('are counted with their keys and headers', () => {
    const wide = { ...record(0, 'v'), headers: { h: [letters('h', 100), letters('h', 100)] } };
    expect(partsOf([wide, wide])).toHaveLength(1);
    expect(partsOf([wide, wide, wide])).toHaveLength(2);
    const keyed = { ...record(0, 'v'), key: Buffer.alloc(300 * KIB) };
    expect(partsOf([keyed, keyed])).toHaveLength(2);
  });

  it('are all there, in the order of each partition, and never too many at once', () => {
    const sizes = array(recordOf({ partition: nat(3), size: oneof(nat(50), nat(700)) }), {
      minLength: 20,
    });
    assert(
      property(sizes, (all) => {
        const records = all.map(({ partition, size }, index) =>
          record(partition, `${index}:${letters('x', size)}`),
        );
        const parts = partsOf(records);
        for (const share of parts.flatMap((part) => [...part.values()])) {
          const bytes = share.messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
          expect(share.messages.length === 1 || bytes <= 512 * KIB).toBe(true);
        }
        for (const partition of [0, 1, 2, 3]) {
          const sent = parts.flatMap((part) => part.get(`answers/${partition}`)?.messages ?? []);
          expect(sent.map(({ value }) => value)).toEqual(
            records.filter((one) => one.partition === partition).map(({ value }) => value),
          );
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('where a record goes', () => {
  const answer = { topic: 'answers', key: 'foobar', value: null, headers: {} };
  const clock = { now: () => 0, wait: () => Promise.resolve(), random: () => 0.99 };

  it('is the partition that it names, else that of its key, else any', () => {
    expect(placed({ ...answer, partition: 2 }, 24, clock).partition).toBe(2);
    expect(placed(answer, 24, clock).partition).toBe((-790_332_482 & 0x7fff_ffff) % 24);
    expect(placed({ ...answer, key: null }, 24, clock).partition).toBe(23);
  });
});
