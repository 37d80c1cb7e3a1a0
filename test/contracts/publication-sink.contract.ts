import { decodeCheckpoint, encodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { Channel, PublicationSink, PublishedRecord } from '#projections/publication-sink.js';

/** A cluster to which one shard is published, by as many as there are sinks. */
export type SinkWorld = Readonly<{
  /** Another sink, closed; the world closes it. */
  sink: () => PublicationSink;
  /** What readers see of a channel, each key in its order, once so many records are committed. */
  committed: (
    channel: Channel,
    records: number,
  ) => Promise<readonly Pick<PublishedRecord, 'key' | 'value' | 'headers'>[]>;
}>;

const event = (key: string, value: string): PublishedRecord => ({
  channel: 'events',
  key,
  value,
  headers: { ce_type: 'CaptureSucceeded', ce_subject: 'authorization-é/☃' },
});

const view = (key: string, value: string | null): PublishedRecord => ({
  channel: 'capture',
  key,
  value,
  headers: {},
});

const checkpointAt = (position: number): Buffer =>
  encodeCheckpoint({
    position,
    eventId: `event-${position}`,
    from: 0,
    epoch: 1,
    asOf: position,
    asOfEventId: `event-${position}`,
    views: {},
  });

const opened = async (sink: PublicationSink): Promise<number | null> => {
  await sink.fence();
  const bytes = await sink.lastCheckpoint();
  return bytes && decodeCheckpoint(bytes)!.position;
};

const FENCED = { name: 'PublisherFenced' };

const keysOf = async (sink: PublicationSink): Promise<readonly string[]> => {
  const keys: string[] = [];
  for await (const page of sink.keys('capture')) keys.push(...page);
  return keys.toSorted();
};

/** What every sink of a publication must do, whatever it is that keeps the records. */
export const itKeepsThePublicationSinkContract = (newWorld: () => Promise<SinkWorld>): void => {
  let world: SinkWorld;
  beforeEach(async () => {
    world = await newWorld();
  });

  /** The values of a key, where there are so many records in all. */
  const valuesOf = async (key: string, records: number) =>
    (await world.committed('events', records))
      .filter((one) => one.key === key)
      .map(({ value }) => value);

  it('finds nothing where nothing was ever published', async () => {
    const sink = world.sink();
    await expect(opened(sink)).resolves.toBeNull();
    await expect(sink.holdsEvents()).resolves.toBe(false);
    await expect(keysOf(sink)).resolves.toEqual([]);
    await expect(sink.neverWritten(['events', 'capture'])).resolves.toEqual(
      new Set(['events', 'capture']),
    );
  });

  it('writes records as they are, and each key in its order', async () => {
    const sink = world.sink();
    await sink.fence();
    await sink.publish(
      [event('shop/a1', '{"n":1}'), event('shop/a2', '{"n":2}'), event('shop/a1', '{"n":3}')],
      checkpointAt(3),
    );
    await sink.publish([event('shop/a1', '{"n":4}'), view('shop/a1/c1', '{}')], checkpointAt(4));
    await expect(valuesOf('shop/a1', 4)).resolves.toEqual(['{"n":1}', '{"n":3}', '{"n":4}']);
    const [first] = await world.committed('events', 4);
    expect(first).toMatchObject({ headers: event('', '').headers });
    await expect(world.committed('capture', 1)).resolves.toEqual([
      { key: 'shop/a1/c1', value: '{}', headers: {} },
    ]);
    await expect(sink.holdsEvents()).resolves.toBe(true);
    await expect(sink.neverWritten(['events', 'capture', 'final-capture'])).resolves.toEqual(
      new Set(['final-capture']),
    );
  });

  it('gives whoever fences the checkpoint that was committed last', async () => {
    const sink = world.sink();
    await sink.fence();
    await sink.publish([event('shop/a1', '{}')], checkpointAt(1));
    await sink.publish([], checkpointAt(2));
    await expect(opened(sink)).resolves.toBe(2);
    await sink.close();
    await expect(opened(world.sink())).resolves.toBe(2);
  });

  it('can be looked at without fencing, and is, by whoever may be closed', async () => {
    const [sink, other] = [world.sink(), world.sink()];
    await sink.fence();
    await sink.publish([event('shop/a1', '{}')], checkpointAt(1));
    // A commit is seen a little later, and the next transaction begins when it is.
    await sink.publish([], checkpointAt(2));
    const seen = decodeCheckpoint((await other.lastCheckpoint())!)!.position;
    expect([1, 2]).toContain(seen);
    await expect(other.holdsEvents()).resolves.toBe(true);
    await sink.publish([], checkpointAt(3));
    await expect(other.publish([], checkpointAt(4))).rejects.toThrow('closed');
    await expect(opened(other)).resolves.toBe(3);
  });

  it('lets nobody publish who had it before', async () => {
    const [zombie, sink] = [world.sink(), world.sink()];
    await zombie.fence();
    await zombie.publish([event('shop/a1', 'before')], checkpointAt(1));
    await expect(opened(sink)).resolves.toBe(1);
    await expect(
      zombie.publish([event('shop/a1', 'late'), view('shop/a1/c1', 'late')], checkpointAt(2)),
    ).rejects.toMatchObject(FENCED);
    await sink.publish([event('shop/a1', 'after')], checkpointAt(2));
    await expect(valuesOf('shop/a1', 2)).resolves.toEqual(['before', 'after']);
    await expect(world.committed('capture', 0)).resolves.toEqual([]);
  });

  it('is closed after a rejection, and can be had again', async () => {
    const [first, second] = [world.sink(), world.sink()];
    await first.fence();
    await second.fence();
    await expect(first.publish([], checkpointAt(1))).rejects.toMatchObject(FENCED);
    await expect(first.publish([], checkpointAt(1))).rejects.toThrow('closed');
    await expect(opened(first)).resolves.toBeNull();
    await first.publish([event('shop/a1', 'mine')], checkpointAt(1));
    await expect(second.publish([], checkpointAt(9))).rejects.toMatchObject(FENCED);
    await expect(opened(second)).resolves.toBe(1);
  });

  it('publishes nothing before it has fenced, nor after it is closed', async () => {
    const sink = world.sink();
    await expect(sink.publish([], checkpointAt(1))).rejects.toThrow('closed');
    await sink.fence();
    await sink.close();
    await sink.close();
    await expect(sink.publish([], checkpointAt(1))).rejects.toThrow('closed');
  });

  it('knows the keys of a view, of which none is missing that was not deleted', async () => {
    const sink = world.sink();
    await sink.fence();
    await sink.publish(
      [view('m/a/1', '{}'), view('m/a/2', '{}'), view('m/a/ü', '{}')],
      checkpointAt(1),
    );
    await sink.publish([view('m/a/2', null), view('m/a/never', null)], checkpointAt(2));
    const keys = await keysOf(sink);
    expect(keys).toContain('m/a/1');
    expect(keys).toContain('m/a/ü');
    expect(keys).not.toContain('m/a/never');
  });

  it('publishes while keys are read', async () => {
    const sink = world.sink();
    await sink.fence();
    const views = Array.from({ length: 500 }, (_, index) => view(`m/a/${index}`, '{}'));
    await sink.publish(views, checkpointAt(1));
    // A commit is seen a little later, and the next transaction begins when it is.
    await sink.publish([], checkpointAt(1));
    const keys = new Set<string>();
    for await (const page of sink.keys('capture')) {
      for (const key of page) keys.add(key);
      await sink.publish([view('m/a/0', '{"again":true}')], checkpointAt(2));
    }
    expect(keys.size).toBe(500);
    const records = await world.committed('capture', 501);
    expect(records.map(({ value }) => value)).toContain('{"again":true}');
  });

  it('reads nothing more once it is closed', async () => {
    const sink = world.sink();
    await sink.fence();
    await sink.publish([view('m/a/1', '{}')], checkpointAt(1));
    const reading = sink.keys('capture')[Symbol.asyncIterator]();
    await sink.close();
    await expect(reading.next()).rejects.toThrow('closed');
  });
};
