import { VirtualTime } from '../virtual-time.js';
import { ConsumerGroup, Rebalanced, SESSION_TIMEOUT } from './consumer-group.js';
import type { Assignment } from './consumer-group.js';

describe('the simulated consumer group', () => {
  let time: VirtualTime;
  let group: ConsumerGroup;
  let committed: string[];

  beforeEach(() => {
    time = new VirtualTime();
    committed = [];
    group = new ConsumerGroup({
      time,
      partitions: 2,
      meet: () => undefined,
      onCommitted: (partition, from, to) => committed.push(`${partition}: ${from} to ${to}`),
    });
  });

  const joined = (id: string): Assignment => {
    const assignment = group.join(id);
    if (!assignment) throw new Error(`${id} has to wait`);
    return assignment;
  };

  const pass = async (milliseconds: number): Promise<void> => {
    let passed = false;
    time.after(milliseconds, 'so much time has passed', () => (passed = true));
    await time.run(() => passed, Infinity);
  };

  it('gives all partitions to one, and some to each of two, when both have joined', () => {
    expect([...joined('one').positions.keys()]).toEqual([0, 1]);
    expect(group.join('another')).toBeUndefined();
    const [one, another] = [joined('one'), joined('another')];
    expect(new Set([...one.positions.keys(), ...another.positions.keys()])).toEqual(
      new Set([0, 1]),
    );
    expect([one.positions.size, another.positions.size]).toEqual([1, 1]);
    expect(one.generation).toBe(another.generation);
  });

  it('lets a member work on from what is committed', () => {
    const { generation } = joined('one');
    group.commit('one', generation, new Map([[1, 7]]));
    expect(committed).toEqual(['1: 0 to 7']);
    group.leave('one');
    expect(joined('another').positions).toEqual(
      new Map([
        [0, 0],
        [1, 7],
      ]),
    );
  });

  it('takes offsets of the old generation until the new one begins, and none after that', () => {
    const { generation } = joined('one');
    group.join('another');
    expect(() => group.heartbeat('one', generation)).toThrow(Rebalanced);
    group.commit('one', generation, new Map([[0, 1]]));
    joined('one');
    expect(() => group.commit('one', generation, new Map([[0, 2]]))).toThrow(Rebalanced);
    expect(committed).toEqual(['0: 0 to 1']);
  });

  it('expels whoever falls silent, and whoever does not join again', async () => {
    const silent = joined('silent');
    await pass(SESSION_TIMEOUT - 1);
    group.heartbeat('silent', silent.generation);
    await pass(SESSION_TIMEOUT - 1);
    expect(group.has('silent')).toBe(true);
    await pass(1);
    expect(group.has('silent')).toBe(false);
    expect(() => group.heartbeat('silent', silent.generation)).toThrow(Rebalanced);

    const slow = joined('slow');
    group.join('another');
    for (let passed = 0; passed < 2_000; passed += 500) {
      await pass(500);
      group.join('another');
    }
    expect(() => group.heartbeat('slow', slow.generation)).toThrow(Rebalanced);
    expect(joined('another').positions.size).toBe(2);
  });
});
