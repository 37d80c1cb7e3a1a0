import type { EachBatchPayload } from 'kafkajs';
import { chunksOf } from '#kafka/group-chunks.js';

const message = (offset: number, bytes: number) => ({
  key: null,
  value: Buffer.alloc(bytes),
  timestamp: '0',
  attributes: 0,
  offset: `${offset}`,
});

/** As kafkajs hands a batch over, with `hidden` records behind its last that it keeps to itself. */
const payload = (partition: number, count: number, bytes = 1, hidden = 0): EachBatchPayload => {
  const messages = Array.from({ length: count }, (_, offset) => message(offset, bytes));
  const batch = {
    topic: 'commands',
    partition,
    messages,
    lastOffset: () => `${count - 1 + hidden}`,
  };
  return { batch } as unknown as EachBatchPayload;
};

/** Of each chunk: how many records it has, and how far it takes each partition. */
const shapeOf = (payloads: readonly EachBatchPayload[]) =>
  [...chunksOf(payloads)].map(({ records, ends }) => ({
    records: records.length,
    upTo: ends.map(({ payload: { batch }, lastOffset }) => `${batch.partition}:${lastOffset}`),
  }));

describe('the chunks of a group', () => {
  it('are one where there is not much', () => {
    expect(shapeOf([payload(0, 2), payload(2, 3, 1, 1)])).toEqual([
      { records: 5, upTo: ['0:1', '2:3'] },
    ]);
  });

  it('have 2 000 records at most, and go on in the middle of a partition', () => {
    expect(shapeOf([payload(0, 1_500), payload(1, 3_000)])).toEqual([
      { records: 2_000, upTo: ['0:1499', '1:499'] },
      { records: 2_000, upTo: ['1:2499'] },
      { records: 500, upTo: ['1:2999'] },
    ]);
  });

  it('end with a partition where that fills them, and there is no empty one', () => {
    expect(shapeOf([payload(0, 2_000), payload(1, 2_000, 1, 1)])).toEqual([
      { records: 2_000, upTo: ['0:1999'] },
      { records: 2_000, upTo: ['1:2000'] },
    ]);
  });

  it('have 4 MiB and a record at most', () => {
    const mib = 1024 * 1024;
    expect(shapeOf([payload(0, 6, mib), payload(1, 1, mib)])).toEqual([
      { records: 4, upTo: ['0:3'] },
      { records: 3, upTo: ['0:5', '1:0'] },
    ]);
  });

  it('are none where nothing came', () => {
    expect(shapeOf([])).toEqual([]);
  });
});
