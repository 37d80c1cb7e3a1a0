import { GroupAbandoned } from '#kafka/command-source.js';
import { GroupHeartbeat } from '#kafka/group-heartbeat.js';
import { ManualClock, turn } from '../runtime/fixtures.js';
import { FakeGroup } from './fake-kafka.js';

const SECOND = 1_000;
const rebalance = new Error('The group is rebalancing, so a rejoin is needed');

const beating = () => {
  const [clock, group] = [new ManualClock(), new FakeGroup([])];
  const heartbeat = new GroupHeartbeat(group, clock);
  const pass = async (milliseconds: number): Promise<void> => {
    clock.advance(milliseconds);
    await turn();
  };
  return { clock, group, heartbeat, pass };
};

describe('the heartbeat of a group', () => {
  it('goes on every second for as long as the group is worked on', async () => {
    const { group, heartbeat, pass } = beating();
    for (let seconds = 1; seconds <= 90; seconds += 1) {
      await pass(SECOND);
      expect(group.beats).toBe(seconds);
    }
    expect(() => heartbeat.mustBeOurs()).not.toThrow();
  });

  it('is over with the work, and leaves nothing behind', async () => {
    const { clock, group, heartbeat, pass } = beating();
    await pass(SECOND);
    heartbeat.stop();
    await turn();
    expect(clock.waiting).toBe(0);
    await pass(10 * SECOND);
    expect(group.beats).toBe(1);
  });

  it('is never begun again before the broker has answered the last', async () => {
    const clock = new ManualClock();
    let asked = 0;
    const group = Object.assign(new FakeGroup([]), {
      heartbeat: () => {
        asked += 1;
        return new Promise<void>(() => undefined);
      },
    });
    const heartbeat = new GroupHeartbeat(group, clock);
    for (let seconds = 1; seconds <= 10; seconds += 1) {
      clock.advance(SECOND);
      await turn();
    }
    expect(asked).toBe(1);
    heartbeat.stop();
  });

  it('finds out that the group is lost, says so with the driver’s own error, and beats no more', async () => {
    const { group, heartbeat, pass } = beating();
    group.lose(rebalance);
    expect(() => heartbeat.mustBeOurs()).not.toThrow();
    await pass(SECOND);
    expect(() => heartbeat.mustBeOurs()).toThrow(rebalance);
    await expect(heartbeat.wait(SECOND)).rejects.toBe(rebalance);
    await pass(10 * SECOND);
    expect(group.beats).toBe(1);
  });

  it('loses a group also to an error that is none', async () => {
    const { group, heartbeat, pass } = beating();
    Object.assign(group, { heartbeat: () => Promise.reject(undefined) });
    await pass(SECOND);
    await expect(heartbeat.wait(SECOND)).rejects.toBeUndefined();
  });
});

describe('waiting within a group', () => {
  it('lasts as long as it should, while the heart beats', async () => {
    const { group, heartbeat, pass } = beating();
    let over = false;
    const wait = heartbeat.wait(5 * SECOND).then(() => (over = true));
    for (let seconds = 1; seconds <= 4; seconds += 1) await pass(SECOND);
    expect([over, group.beats]).toEqual([false, 4]);
    await pass(SECOND);
    await wait;
    heartbeat.stop();
  });

  it('ends at once when the group is lost', async () => {
    const { group, heartbeat, pass } = beating();
    const wait = heartbeat.wait(3_600 * SECOND);
    group.lose(rebalance);
    const ended = wait.catch((error: unknown) => error);
    await pass(SECOND);
    expect(await ended).toBe(rebalance);
  });

  it('is not begun, and not gone on from, once the source is to stop', async () => {
    const { group, heartbeat, pass } = beating();
    const wait = heartbeat.wait(SECOND / 2);
    group.stop();
    const ended = wait.catch((error: unknown) => error);
    await pass(SECOND / 2);
    expect(await ended).toBeInstanceOf(GroupAbandoned);
    await expect(heartbeat.wait(SECOND)).rejects.toThrow('the source is stopping');
    heartbeat.stop();
  });
});
