import { encodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublicationSink, PublishedRecord } from '#projections/publication-sink.js';
import { systemClock } from '#runtime/system-clock.js';
import { itKeepsThePublicationSinkContract } from '../contracts/publication-sink.contract.js';
import { ownBroker } from './own-broker.js';
import { PublicationWorld } from './publication-world.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithKafka, describeWithOwnKafka } from './suites.js';
import { plainClient, produce, uniquePrefix } from './topics.js';
import { until, untilAnswered } from './until.js';

const worlds: PublicationWorld[] = [];

const worldOn = async (address: string): Promise<PublicationWorld> => {
  const world = await new PublicationWorld(address, uniquePrefix()).create();
  worlds.push(world);
  return world;
};

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

const checkpoint = encodeCheckpoint({
  position: 1,
  eventId: 'event-1',
  from: 0,
  epoch: 1,
  asOf: 1,
  asOfEventId: 'event-1',
  views: {},
});

const event = (value: string, key = 'shop/a1'): PublishedRecord => ({
  channel: 'events',
  key,
  value,
  headers: {},
});

/** Fences, and gives the checkpoint that was committed last. */
const opened = async (sink: PublicationSink): Promise<Buffer | null> => {
  await sink.fence();
  return sink.lastCheckpoint();
};

/** What a producer of transactions must be. */
const transactional = (transactionalId: string) => ({
  transactionalId,
  idempotent: true,
  maxInFlightRequests: 1,
});

const inFirstPartition = (value: string) => ({ key: '0', value, partition: 0 });

describeWithKafka('the sink of a publication, on kafkajs', () => {
  itKeepsThePublicationSinkContract(async () => {
    const world = await worldOn(await sharedBroker());
    return {
      sink: () => world.sink(),
      committed: (channel, records) => world.committed(channel, records),
    };
  });
});

describeWithKafka('publishing in transactions', () => {
  let world: PublicationWorld;
  beforeEach(async () => {
    world = await worldOn(await sharedBroker());
  });

  /** A publisher that has sent an event and a checkpoint, and stopped before its commit. */
  const stoppedBeforeCommit = async () => {
    const { address, topics, transactionalId } = world;
    const producer = plainClient(address).producer(transactional(transactionalId));
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.sendBatch({
      topicMessages: [
        { topic: topics.events, messages: [inFirstPartition('never')] },
        { topic: topics.checkpoints, messages: [inFirstPartition('never')] },
      ],
    });
    return { producer, transaction };
  };

  it('refuses one that stopped in the middle of a transaction, and all that it sent', async () => {
    const { producer, transaction } = await stoppedBeforeCommit();
    const sink = world.sink();
    await expect(opened(sink)).resolves.toBeNull();
    await sink.publish([event('published')], checkpoint);
    const late = { topic: world.topics.events, messages: [{ key: '0', value: 'late' }] };
    await expect(transaction.send(late)).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
    await expect(transaction.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
    await producer.disconnect();
    await expect(world.published(['published'])).resolves.toBe(true);
  });

  it('does not take for events what was never committed', async () => {
    const { producer, transaction } = await stoppedBeforeCommit();
    await transaction.abort();
    await producer.disconnect();
    const sink = world.sink();
    await expect(opened(sink)).resolves.toBeNull();
    await expect(sink.holdsEvents()).resolves.toBe(false);
  });

  it('writes 5 000 records of 1 KiB under one key, in their order', async () => {
    const sink = world.sink();
    await sink.fence();
    const values = Array.from({ length: 5_000 }, (_, index) => `${index}`.padEnd(1_024, '.'));
    await sink.publish(
      values.map((value) => event(value)),
      checkpoint,
    );
    await expect(world.published(values)).resolves.toBe(true);
  });

  it('writes nothing of a transaction that has a record which its topic does not take', async () => {
    const sink = world.sink();
    await sink.fence();
    const large = { ...event('x'.repeat(2 * 1024 * 1024)), channel: 'capture' as const };
    await expect(sink.publish([event('small'), large], checkpoint)).rejects.toMatchObject({
      type: 'MESSAGE_TOO_LARGE',
    });
    await expect(opened(sink)).resolves.toBeNull();
    await sink.publish([event('small')], checkpoint);
    await expect(world.published(['small'])).resolves.toBe(true);
  });

  it('keeps the checkpoints of shards apart', async () => {
    const [one, other] = [world.sink(0), world.sink(1)];
    await Promise.all([one.fence(), other.fence()]);
    await one.publish([], Buffer.from('of shard 0'));
    await other.publish([], Buffer.from('of shard 1'));
    await expect(opened(one).then(String)).resolves.toBe('of shard 0');
    await expect(opened(other).then(String)).resolves.toBe('of shard 1');
  });

  it('takes nobody else’s record for its checkpoint', async () => {
    const sink = world.sink();
    await sink.fence();
    await sink.publish([], checkpoint);
    const strange = { key: 'somebody', value: 'else', partition: 0 };
    await produce(world.address, world.topics.checkpoints, [strange]);
    await expect(opened(sink).then(String)).resolves.toBe(String(checkpoint));
  });

  it('waits for the last checkpoint while somebody else’s transaction hides it', async () => {
    const { address, topics, transactionalId } = world;
    const [first, second] = [world.sink(), world.sink()];
    await first.fence();
    const stranger = plainClient(address).producer(transactional(`${world.prefix}stranger`));
    const admin = plainClient(address).admin();
    await Promise.all([stranger.connect(), admin.connect()]);
    const transaction = await stranger.transaction();
    const messages = [inFirstPartition('nobody’s')];
    await transaction.send({ topic: topics.checkpoints, messages });
    await first.publish([], checkpoint);

    const readers = async (): Promise<number> => {
      const { groups } = await admin.listGroups();
      return groups.filter(({ groupId }) => groupId.startsWith(transactionalId)).length;
    };
    const before = await readers();
    const opening = opened(second);
    const isReading = until('it reads', async () => (await readers()) > before);
    const what = [opening.then(() => 'has read'), isReading.then(() => 'is reading')];
    await expect(Promise.race(what)).resolves.toBe('is reading');
    await transaction.abort();
    await expect(opening.then(String)).resolves.toBe(String(checkpoint));
    await Promise.all([stranger.disconnect(), admin.disconnect()]);
  });

  it('rejects where a topic is missing', async () => {
    const nowhere = new PublicationWorld(world.address, uniquePrefix());
    worlds.push(nowhere);
    await expect(nowhere.sink().fence()).rejects.toThrow(Error);
  });

  it('knows the keys of a topic with many records', async () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `m/a/${index}`);
    const messages = keys.map((key) => ({ key, value: 'x'.repeat(200) }));
    for (let from = 0; from < messages.length; from += 5_000)
      await produce(world.address, world.topics.capture, messages.slice(from, from + 5_000));
    const sink = world.sink();
    await sink.fence();
    const found = new Set<string>();
    for await (const page of sink.keys('capture')) for (const key of page) found.add(key);
    expect(found.size).toBe(20_000);
  });
});

describeWithOwnKafka('publishing to a broker that is away', () => {
  it('rejects, and goes on from the checkpoint when it is back', async () => {
    const broker = await ownBroker();
    const world = await worldOn(broker.address);
    const sink = world.sink();
    await sink.fence();
    await sink.publish([event('before')], checkpoint);
    // A broker of its own that is killed before it has written the marks of a commit may forget them.
    await expect(world.published(['before'])).resolves.toBe(true);
    await until('the checkpoint is seen', async () => (await sink.lastCheckpoint()) !== null);
    await broker.kill();
    await expect(sink.publish([event('lost')], Buffer.from('lost'))).rejects.toThrow(Error);
    await expect(sink.fence()).rejects.toThrow(Error);
    await broker.start();
    const found = await untilAnswered('the broker takes transactions again', () => opened(sink));
    expect(String(found)).toBe(String(checkpoint));
    await sink.publish([event('after')], checkpoint);
    await expect(world.published(['before', 'after'])).resolves.toBe(true);
    await broker.remove();
  });

  it('does not wait for ever for one that does not say what it holds', async () => {
    const broker = await ownBroker();
    const world = await worldOn(broker.address);
    // The only wait of a minute is that for a look: here it is over when the test says so.
    let tooLong = Promise.withResolvers<void>();
    const clock: typeof systemClock = {
      ...systemClock,
      wait: (milliseconds, signal) =>
        milliseconds === 60_000 ? tooLong.promise : systemClock.wait(milliseconds, signal),
    };
    const sink = world.sink(0, clock);
    await broker.freeze();
    for (const look of [() => sink.holdsEvents(), () => sink.lastCheckpoint()]) {
      tooLong = Promise.withResolvers();
      const late = look();
      tooLong.resolve();
      await expect(late).rejects.toThrow('not done within 60000 ms');
    }
    await broker.thaw();
    tooLong = Promise.withResolvers();
    await expect(opened(sink)).resolves.toBeNull();
    await broker.remove();
  });

  it('does not wait for one that does not answer for longer than a transaction may last', async () => {
    const broker = await ownBroker();
    const world = await worldOn(broker.address);
    // The only wait of fifteen seconds is that for a transaction: here it is over when the test says so.
    const tooLong = Promise.withResolvers<void>();
    const clock: typeof systemClock = {
      ...systemClock,
      wait: (milliseconds, signal) =>
        milliseconds === 15_000 ? tooLong.promise : systemClock.wait(milliseconds, signal),
    };
    const sink = world.sink(0, clock);
    await sink.fence();
    await sink.publish([event('before')], checkpoint);
    await broker.freeze();
    const late = sink.publish([event('late')], Buffer.from('late'));
    tooLong.resolve();
    await expect(late).rejects.toThrow('not done within 15000 ms');
    await broker.thaw();
    const other = world.sink();
    const found = await untilAnswered('the broker takes transactions again', () => opened(other));
    expect(String(found)).toBe(String(checkpoint));
    await other.publish([event('after')], checkpoint);
    await expect(world.published(['before', 'after'])).resolves.toBe(true);
    await broker.remove();
  });
});
