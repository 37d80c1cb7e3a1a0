import { GroupAbandoned } from '#kafka/command-source.js';
import { Heard } from '../kafka/heard.js';
import { describeWithKafka } from '../kafka/suites.js';
import { plainClient, produce } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { Worker } from '../kafka/worker.js';
import { itIsOfOneStore } from './command-source-store.contract.js';
import { itKeepsItsPlaceInItsGroup } from './command-source-group.contract.js';
import { itSurvivesItsBroker } from './command-source-trouble.contract.js';
import { done, handed, Members, messages, values } from './members.js';
import type { OpenCommandSource } from './members.js';

/** What every source of commands must do, on a real broker, whatever driver it uses. */
export const itKeepsTheCommandSourceContract = (open: OpenCommandSource): void => {
  itHandsOverCommands(open);
  itKeepsItsPlaceInItsGroup(open);
  itIsOfOneStore(open);
  itSurvivesItsBroker(open);
};

const itHandsOverCommands = (open: OpenCommandSource): void => {
  let members: Members;
  beforeEach(() => {
    members = new Members(open);
  });
  afterEach(() => members.end());

  describeWithKafka('consuming', () => {
    beforeEach(() => members.onSharedBroker());

    it('hands over what was written before it came and after, each key in its order', async () => {
      await produce(members.address, members.topic, messages(0, 500));
      const worker = new Worker();
      await members.start(worker);
      await done(worker, 500);
      await produce(members.address, members.topic, messages(500, 1_000));
      await done(worker, 1_000);
      expect(worker.doneValues.toSorted()).toEqual(values(0, 1_000));
      for (let key = 0; key < 7; key += 1) {
        const ofKey = worker.done.filter((record) => String(record.key) === `auth_${key}`);
        const numbers = ofKey.map(({ value }) => Number(value));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }
      expect(worker.mostAtOnce).toBe(1);
    });

    it('hands over records as they came, whatever they are', async () => {
      const headers = { ce_id: ['one', 'two'], constructor: 'mine', ['__proto__']: 'mine, too' };
      await produce(members.address, members.topic, [
        { key: null, value: Buffer.from([0, 255]), headers, partition: 1 },
        { key: Buffer.from([255]), value: null, partition: 1, timestamp: '1767225600000' },
      ]);
      const worker = new Worker();
      await members.start(worker);
      await done(worker, 2);
      const [first, second] = worker.done;
      expect(first).toMatchObject({ topic: members.topic, partition: 1, offset: 0n, key: null });
      expect(first!.value).toEqual(Buffer.from([0, 255]));
      expect(first!.headers.get('ce_id')?.map(String)).toEqual(['one', 'two']);
      expect(first!.headers.get('constructor')?.map(String)).toEqual(['mine']);
      expect(first!.headers.get('__proto__')?.map(String)).toEqual(['mine, too']);
      expect(second).toMatchObject({ offset: 1n, value: null, timestamp: 1_767_225_600_000 });
      expect(second!.key).toEqual(Buffer.from([255]));
    });

    it('hands over what was committed in a transaction, and comes to the end behind its mark', async () => {
      const producer = plainClient(members.address).producer({
        transactionalId: members.group,
        maxInFlightRequests: 1,
      });
      await producer.connect();
      for (const end of ['abort', 'commit'] as const) {
        const transaction = await producer.transaction();
        await transaction.send({ topic: members.topic, messages: [{ key: 'k', value: end }] });
        await transaction[end]();
      }
      await producer.disconnect();
      const worker = new Worker();
      const source = await members.start(worker);
      await done(worker, 1);
      expect(worker.doneValues).toEqual(['commit']);
      // Two records and two marks.
      await until('all of it is committed', async () => (await members.committed()) === 4n);
      expect(source.lag().map(({ lag }) => lag)).toEqual([0n, 0n, 0n]);
    });

    it('commits nothing before a group is worked off, and all of it then', async () => {
      await produce(members.address, members.topic, messages(0, 100));
      const held = members.hold();
      const worker = new Worker(() => held.promise);
      await members.start(worker);
      await handed(worker, 1);
      await expect(members.committed()).resolves.toBe(0n);
      held.resolve();
      await done(worker, 100);
      await until('all of it is committed', async () => (await members.committed()) === 100n);
    });

    it('says how far behind it is', async () => {
      await produce(members.address, members.topic, messages(0, 100));
      const held = members.hold();
      const worker = new Worker(() => held.promise);
      const source = await members.start(worker);
      await handed(worker, 1);
      await produce(members.address, members.topic, messages(100, 130));
      held.resolve();
      await done(worker, 130);
      const lags = source.lag();
      expect(new Set(lags.map((one) => one.partition))).toEqual(new Set([0, 1, 2]));
      expect(lags.map(({ lag }) => lag)).toEqual([0n, 0n, 0n]);
      expect(new Set(lags.map((one) => one.topic))).toEqual(new Set([members.topic]));
    });

    it('ends over a fault in the worker: nothing is committed, and nothing handed over any more', async () => {
      await produce(members.address, members.topic, messages(0, 10));
      const fault = new TypeError('it is no function');
      const worker = new Worker(() => Promise.reject(fault));
      const source = await members.start(worker);
      await until('it is told', () => members.heard.fatal.length > 0);
      expect(members.heard.fatal.splice(0)).toEqual([fault]);
      await until('it has stopped', () => members.heard.state === 'stopped');
      await source.stop();
      expect(worker.sizes).toHaveLength(1);
      await expect(members.committed()).resolves.toBe(0n);
    });

    it('says how much a group that is new has before it, and when it has read it', async () => {
      await produce(members.address, members.topic, messages(0, 100));
      const held = members.hold();
      const worker = new Worker(() => held.promise);
      const first = await members.start(worker);
      await handed(worker, 1);
      const told = members.heard.states.at(-1)!;
      expect(told.detail).toMatch(/the group is new: \d+ of 100 records/);
      held.resolve();
      await done(worker, 100);
      await until(
        'there is nothing more to say',
        () => members.heard.states.at(-1)!.detail === undefined,
      );
      expect(members.heard.state).toBe('consuming');
      await first.stop();

      const again = new Heard();
      await produce(members.address, members.topic, messages(100, 200));
      await members.start(worker, again);
      await done(worker, 200);
      expect(again.states.filter(({ detail }) => detail !== undefined)).toEqual([]);
    });

    it('gives records back that a worker has to give up, and is alive', async () => {
      await produce(members.address, members.topic, messages(0, 10));
      const worker = new Worker(async () => {
        if (worker.sizes.length < 3) throw new GroupAbandoned('not ours any more');
      });
      await members.start(worker);
      await done(worker, 10);
      expect(worker.sizes.length).toBeGreaterThanOrEqual(3);
      expect(members.heard.restarted).toEqual([]);
    });
  });
};
