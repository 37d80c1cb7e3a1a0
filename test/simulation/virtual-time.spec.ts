import { Life } from './life.js';
import { Random } from './random.js';
import { VirtualClock } from './virtual-clock.js';
import { VirtualTime } from './virtual-time.js';

describe('virtual time', () => {
  let time: VirtualTime;
  let seen: string[];

  beforeEach(() => {
    time = new VirtualTime();
    seen = [];
  });

  const plan = (milliseconds: number, what: string) =>
    time.after(milliseconds, what, () => seen.push(`${what} at ${time.passed}`));

  it('lets things happen in the order of their times, and as planned where those are equal', async () => {
    plan(30, 'last');
    plan(10, 'first');
    plan(20, 'second');
    plan(20, 'third');
    plan(15, 'canceled')();
    expect(await time.run(() => false, 25)).toBe(false);
    expect(seen).toEqual(['first at 10', 'second at 20', 'third at 20']);
    expect(await time.run(() => seen.length === 4, Infinity)).toBe(true);
  });

  it('stands still until nobody has anything left to do, however long that takes', async () => {
    const work = async () => {
      for (let step = 0; step < 10_000; step += 1) await Promise.resolve();
      seen.push(`done at ${time.passed}`);
    };
    time.after(1, 'work begins', () => void work());
    plan(1, 'next');
    await time.run(() => false, Infinity);
    expect(seen).toEqual(['done at 1', 'next at 1']);
  });

  it('keeps what is due in a process that sleeps until it wakes, one after another', async () => {
    const life = new Life('sleeper', time);
    const planInLife = (milliseconds: number, what: string) =>
      life.after(milliseconds, what, () => seen.push(`${what} at ${time.passed}`));
    planInLife(10, 'first');
    const cancelSecond = planInLife(20, 'second');
    planInLife(20, 'third');
    planInLife(50, 'last');
    time.after(5, 'SIGSTOP', () => life.sleep());
    time.after(30, 'somebody cancels', () => cancelSecond());
    time.after(40, 'SIGCONT', () => life.wake());
    await time.run(() => false, Infinity);
    expect(seen).toEqual(['first at 40', 'third at 40', 'last at 50']);
  });

  it('ends a wait when it is told to, and never for a process that has ended', async () => {
    const [living, ended] = [new Life('living', time), new Life('ended', time)];
    const waitIn = async (life: Life, signal?: AbortSignal) => {
      await new VirtualClock(time, life, new Random(1)).wait(10, signal);
      seen.push(`${life.name} waited until ${time.passed}`);
    };
    const abort = new AbortController();
    void waitIn(living);
    void waitIn(living, abort.signal);
    void waitIn(ended);
    time.after(5, 'the end of one, and of a wait of the other', () => {
      ended.end();
      abort.abort();
    });
    await time.run(() => false, Infinity);
    expect(seen).toEqual(['living waited until 5', 'living waited until 10']);
  });
});
