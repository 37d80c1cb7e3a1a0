import type { InboundGroup } from '#kafka/command-source.js';
import { Heard } from '../kafka/heard.js';
import { describeWithKafka } from '../kafka/suites.js';
import { createTopic, produce } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { Worker } from '../kafka/worker.js';
import { done, Members, messages, SESSION_TIMEOUT, values } from './members.js';
import type { OpenCommandSource } from './members.js';

/** How a source is a member of its group: while others join and leave, and when it leaves itself. */
export const itKeepsItsPlaceInItsGroup = (open: OpenCommandSource): void => {
  let members: Members;
  beforeEach(() => {
    members = new Members(open);
  });
  afterEach(() => members.end());

  describeWithKafka('in its group, it', () => {
    beforeEach(() => members.onSharedBroker());

    it('keeps its partitions for as long as it says that it is at work', async () => {
      await produce(members.address, members.topic, messages(0, 10));
      const latest = Date.now() + 1.5 * SESSION_TIMEOUT;
      const worker = new Worker((at) =>
        until('a session and a half have passed', async () => {
          await at.heartbeat();
          return Date.now() > latest;
        }),
      );
      await members.start(worker);
      await done(worker, 10);
      await until('it is committed', async () => (await members.committed()) === 10n);
      expect(worker.handed).toHaveLength(10);
      expect(members.heard.refused).toEqual([]);
    });

    it('survives that its commit is refused, and works on', async () => {
      await produce(members.address, members.topic, messages(0, 10));
      const others = new Heard();
      const other = new Worker();
      // It says nothing for a session: its partitions go to another, and only then does it commit.
      const worker = new Worker(async () => {
        if (worker.sizes.length > 1) return;
        await members.start(other, others);
        await until('all went to the other', () => other.done.length >= 10);
      });
      await members.start(worker);
      await until('its commit is refused', () => members.heard.refused.length > 0);
      await produce(members.address, members.topic, messages(10, 200, 50));
      await until('all is worked off', () => {
        const all = new Set([...worker.doneValues, ...other.doneValues]);
        return all.size === 200;
      });
      await members.consuming();
      expect(members.heard.restarted).toEqual([]);
    });

    it('commits what it has worked off while others are joining, so that it does not come again', async () => {
      await produce(members.address, members.topic, messages(0, 10));
      const others = new Heard();
      const other = new Worker();
      let toldSo: unknown;
      const worker = new Worker(async (at) => {
        if (worker.sizes.length > 1) return;
        await members.start(other, others);
        await until('it hears of the other', () =>
          at.heartbeat().then(
            () => false,
            (error: unknown) => {
              toldSo = error;
              return true;
            },
          ),
        );
        expect(at.isRunning()).toBe(false);
      });
      await members.start(worker);
      await members.consuming(others);
      expect(toldSo).toBeInstanceOf(Error);
      await produce(members.address, members.topic, messages(10, 20));
      await until('all is worked off', () => worker.done.length + other.done.length >= 20);
      expect([...worker.handedValues, ...other.handedValues].toSorted()).toEqual(values(0, 20));
    });

    it('loses nothing, and keeps the order of keys, while another joins and leaves under load', async () => {
      const wide = `${members.topic}.wide`;
      await createTopic(members.address, { topic: wide, numPartitions: 24 });
      members.topic = wide;
      const one = new Worker();
      const other = new Worker();
      await members.start(one);
      await members.consuming();
      let written = 0;
      const write = async (): Promise<void> => {
        await produce(members.address, members.topic, messages(written, written + 200, 50));
        written += 200;
      };
      for (let round = 0; round < 3; round += 1) {
        const others = new Heard();
        const second = await members.start(other, others);
        await until('the other is at work', async () => {
          await write();
          return others.state === 'consuming';
        });
        const before = other.done.length;
        await until('the other has its share', async () => {
          await write();
          return other.done.length > before;
        });
        await second.stop();
        await write();
      }
      await until('all is worked off', () => {
        const all = new Set([...one.doneValues, ...other.doneValues]);
        return all.size === written;
      });
      for (const worker of [one, other]) expectOrderOfKeys(worker);
      expect(members.heard.restarted).toEqual([]);
    });

    it('works off what is under way when it is told to stop, and begins nothing more', async () => {
      await produce(members.address, members.topic, messages(0, 10));
      const handedOver = Promise.withResolvers<InboundGroup>();
      const held = members.hold();
      const worker = new Worker((at) => {
        handedOver.resolve(at);
        return held.promise;
      });
      const source = await members.start(worker);
      const underWay = await handedOver.promise;
      expect(underWay.isRunning()).toBe(true);
      let stopped = false;
      const stopping = source.stop().then(() => (stopped = true));
      await until('it hears that it must stop', () => !underWay.isRunning());
      await produce(members.address, members.topic, messages(10, 20));
      await underWay.heartbeat();
      expect(stopped).toBe(false);
      held.resolve();
      await stopping;
      expect(worker.handed).toHaveLength(worker.done.length);
      await expect(members.committed()).resolves.toBe(BigInt(worker.done.length));
      expect(members.heard.state).toBe('stopped');

      const next = new Worker();
      await members.start(next, new Heard());
      await until('the rest comes to the next', () => worker.done.length + next.done.length === 20);
      expect([...worker.doneValues, ...next.doneValues].toSorted()).toEqual(values(0, 20));
    });

    it('gives its partitions back when it stops, so that another need not wait for its session', async () => {
      const source = await members.start(new Worker());
      await members.consuming();
      await source.stop();
      const { groups } = await members.admin((admin) => admin.describeGroups([members.group]));
      expect(groups[0]!.members).toEqual([]);
    });

    it('can be stopped before it has begun', async () => {
      const source = await members.start(new Worker());
      await source.stop();
      expect(members.heard.state).toBe('stopped');
    });
  });
};

/** A key's records come in their order; those that come again do so in their order, too. */
const expectOrderOfKeys = (worker: Worker): void => {
  const last = new Map<string, { offset: bigint; seen: Set<bigint> }>();
  for (const { key, partition, offset } of worker.done) {
    const place = `${partition}/${String(key)}`;
    const at = last.get(place) ?? { offset: -1n, seen: new Set() };
    if (!at.seen.has(offset)) expect(offset).toBeGreaterThan(at.offset);
    at.seen.add(offset);
    last.set(place, { offset: offset > at.offset ? offset : at.offset, seen: at.seen });
  }
};
