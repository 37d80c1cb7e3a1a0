import { Heard } from '../kafka/heard.js';
import { describeWithKafka } from '../kafka/suites.js';
import { produce } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { Worker } from '../kafka/worker.js';
import { done, Members, messages, values } from './members.js';
import type { OpenCommandSource } from './members.js';

/** How a source sees to it that the commands of its group are decided on one store. */
export const itIsOfOneStore = (open: OpenCommandSource): void => {
  let members: Members;
  beforeEach(() => {
    members = new Members(open);
  });
  afterEach(() => members.end());

  const halted = (its = members.heard): Promise<void> =>
    until('it has halted', () => its.state === 'halted');

  /** Ten commands that were taken on `members.store` by a ledger that has gone. */
  const takeTen = async (): Promise<void> => {
    await produce(members.address, members.topic, messages(0, 10));
    const worker = new Worker();
    const source = await members.start(worker, new Heard());
    await done(worker, 10);
    await source.stop();
  };

  describeWithKafka('in a group whose commands are taken on one store, it', () => {
    beforeEach(() => members.onSharedBroker());

    it('marks what it commits, and goes on from there as often as it comes', async () => {
      await takeTen();
      expect(await members.marks()).toEqual(['one/1', 'one/1', 'one/1']);
      const worker = new Worker();
      await members.start(worker);
      await produce(members.address, members.topic, messages(10, 20));
      await done(worker, 10);
      expect(worker.handedValues.toSorted()).toEqual(values(10, 20));
    });

    it.each([
      ['of another store', { id: 'another', epoch: 7 }],
      ['of an earlier life of that store', { id: 'one', epoch: 1 }],
    ])('takes nothing where it is %s, says so, and looks again', async (_, store) => {
      members.store = { id: 'one', epoch: 2 };
      await takeTen();
      await produce(members.address, members.topic, messages(10, 20));
      members.store = store;
      const worker = new Worker();
      await members.start(worker);
      await halted();
      const { detail } = members.heard.states.at(-1)!;
      expect(detail).toContain(`group ${members.group} were taken by store one in epoch 2`);
      expect(detail).toContain(`this is store ${store.id} in epoch ${store.epoch}`);
      expect(members.heard.states.map(({ state }) => state)).toEqual(['starting', 'halted']);
      expect(worker.handed).toEqual([]);
      expect(await members.marks()).toEqual(['one/2', 'one/2', 'one/2']);

      await members.admin((admin) => admin.deleteGroups([members.group]));
      await done(worker, 20);
      expect(await members.marks()).toEqual(Array(3).fill(`${store.id}/${store.epoch}`));
    });

    it('is still its own where what was to be read next is gone, as after days', async () => {
      await takeTen();
      await produce(members.address, members.topic, messages(10, 40));
      await members.admin(async (admin) => {
        const ends = await admin.fetchTopicOffsets(members.topic);
        const partitions = ends.map(({ partition, high: offset }) => ({ partition, offset }));
        await admin.deleteTopicRecords({ topic: members.topic, partitions });
      });
      const worker = new Worker();
      const source = await members.start(worker);
      await members.consuming();
      expect(source.lag().map(({ lag }) => lag)).toEqual([0n, 0n, 0n]);
      // One after another, so that each of the others is fetched from again and again.
      for (const one of values(40, 50)) {
        const before = worker.done.length;
        await produce(members.address, members.topic, [{ value: one, partition: 0 }]);
        await done(worker, before + 1);
      }
      expect(await members.marks()).toEqual(['one/1', 'one/1', 'one/1']);
      const others = [1, 2].map((partition) => ({ value: `${partition}`, partition }));
      await produce(members.address, members.topic, others);
      await done(worker, 12);
      expect(worker.handedValues.toSorted()).toEqual(['1', '2', ...values(40, 50)]);
    });

    it('goes on where its store was restored since', async () => {
      await takeTen();
      await produce(members.address, members.topic, messages(10, 20));
      members.store = { id: 'one', epoch: 3 };
      const worker = new Worker();
      await members.start(worker);
      await done(worker, 10);
      expect(worker.handedValues.toSorted()).toEqual(values(10, 20));
      expect(await members.marks()).toEqual(['one/3', 'one/3', 'one/3']);
    });

    it('waits for those who are on its store as it was before its restore, and then shuts them out', async () => {
      await takeTen();
      const before = await members.start(new Worker());
      await members.consuming();
      const [worker, restored] = [new Worker(), new Heard()];
      members.store = { id: 'one', epoch: 2 };
      await members.start(worker, restored);
      await halted(restored);
      expect(restored.states.at(-1)!.detail).toMatch(/members of the group .* was restored/);
      expect(await members.marks()).toEqual(['one/1', 'one/1', 'one/1']);

      await before.stop();
      await members.consuming(restored);
      expect(await members.marks()).toEqual(['one/2', 'one/2', 'one/2']);
      const old = new Heard();
      members.store = { id: 'one', epoch: 1 };
      await members.start(new Worker(), old);
      await halted(old);
      await produce(members.address, members.topic, messages(10, 20));
      await done(worker, 10);
    });

    it('takes over what nobody has marked, from where it stands', async () => {
      await produce(members.address, members.topic, messages(0, 9, 3));
      const partitions = [0, 1, 2].map((partition) => ({ partition, offset: '1' }));
      await members.admin((admin) =>
        admin.setOffsets({ groupId: members.group, topic: members.topic, partitions }),
      );
      expect([await members.committed(), await members.marks()]).toEqual([3n, [null, null, null]]);
      const worker = new Worker();
      await members.start(worker);
      await until('it is taken over', async () =>
        (await members.marks()).every((mark) => mark === 'one/1'),
      );
      await until('all is committed', async () => (await members.committed()) === 9n);
      expect(worker.handed.every(({ offset }) => offset > 0n)).toBe(true);
    });

    it('does not disturb those that are at work on another store', async () => {
      await takeTen();
      const worker = new Worker();
      await members.start(worker);
      await members.consuming();
      const before = members.heard.states.length;
      members.store = { id: 'another', epoch: 1 };
      const [others, other] = [new Heard(), new Worker()];
      await members.start(other, others);
      await halted(others);
      await produce(members.address, members.topic, messages(10, 20));
      await done(worker, 10);
      expect(members.heard.states).toHaveLength(before);
      expect(other.handed).toEqual([]);
    });

    it('halts before its first record where another store took one before, in the same membership', async () => {
      const workers = { one: new Worker(), another: new Worker() };
      const heard = { one: members.heard, another: new Heard() };
      const one = await members.start(workers.one);
      members.store = { id: 'another', epoch: 1 };
      const another = await members.start(workers.another, heard.another);
      const taken = (): number => workers.one.done.length + workers.another.done.length;
      await until('both are members', async () => {
        const { groups } = await members.admin((admin) => admin.describeGroups([members.group]));
        return groups[0]!.state === 'Stable' && groups[0]!.members.length === 2;
      });
      await Promise.all([members.consuming(), members.consuming(heard.another)]);
      await produce(members.address, members.topic, [{ key: 'k', value: 'first' }]);
      await until('one has taken it', () => taken() === 1);
      const [first, second] =
        workers.one.done.length === 1
          ? (['one', 'another'] as const)
          : (['another', 'one'] as const);
      await produce(members.address, members.topic, messages(0, 30));
      await until('all is worked off', () => taken() === 31);
      expect(workers[second].handed).toEqual([]);
      expect(heard[second].state).toBe('halted');
      expect({ one, another }[second].lag()).toEqual([]);
      expect(heard[first].state).toBe('consuming');
      expect(await members.marks()).toEqual(Array(3).fill(`${first}/1`));
    });

    it('takes nothing, or the other does, where two stores take their first records at once', async () => {
      const [one, other, others] = [new Worker(), new Worker(), new Heard()];
      await members.start(one);
      members.store = { id: 'another', epoch: 1 };
      await members.start(other, others);
      await Promise.all([members.consuming(), members.consuming(others)]);
      await produce(members.address, members.topic, messages(0, 30));
      await until('one of them has halted', () =>
        [members.heard, others].some(({ state }) => state === 'halted'),
      );
      await until(
        'the other, too, or it has taken all',
        () =>
          [members.heard, others].every(({ state }) => state === 'halted') ||
          one.done.length + other.done.length >= 30,
      );
      expect([one, other].filter(({ handed }) => handed.length > 0).length).toBeLessThanOrEqual(1);
    });
  });
};
