import { getEventListeners } from 'node:events';
import { systemClock } from '#runtime/system-clock.js';

const HOUR = 3_600_000;

describe('the system clock', () => {
  it('tells the time in milliseconds since 1970', () => {
    const before = Date.now();
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
    expect(systemClock.now()).toBeLessThanOrEqual(Date.now());
  });

  it('waits at least as long as it was asked to', async () => {
    const before = performance.now();
    await systemClock.wait(20);
    // Timers are kept in whole milliseconds and may fire up to one early.
    expect(performance.now() - before).toBeGreaterThanOrEqual(19);
  });

  it('ends a wait at once when it is aborted, without an error', async () => {
    const abort = new AbortController();
    const wait = systemClock.wait(HOUR, abort.signal);
    abort.abort(new Error('no longer needed'));
    await expect(wait).resolves.toBeUndefined();
  });

  it('does not begin a wait that was aborted before', async () => {
    await expect(systemClock.wait(HOUR, AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('leaves no listener on the signal, however the wait ended', async () => {
    const { signal } = new AbortController();
    for (let wait = 0; wait < 20; wait += 1) await systemClock.wait(1, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);

    const abort = new AbortController();
    const wait = systemClock.wait(HOUR, abort.signal);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    abort.abort();
    await wait;
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it.each([2 ** 31, Number.MAX_SAFE_INTEGER, Infinity])(
    'does not wake early from a wait of %d ms, which is longer than a timer can be',
    async (milliseconds) => {
      const abort = new AbortController();
      let ended = false;
      const wait = systemClock.wait(milliseconds, abort.signal).then(() => (ended = true));
      // Node would fire such a timer after 1 ms, so before this one.
      await systemClock.wait(20);
      expect(ended).toBe(false);
      abort.abort();
      await wait;
    },
  );

  it.each([0, -1, NaN])('ends a wait of %d ms', async (milliseconds) => {
    await expect(systemClock.wait(milliseconds)).resolves.toBeUndefined();
  });

  it('gives random numbers from 0 to below 1', () => {
    const numbers = Array.from({ length: 1_000 }, () => systemClock.random());
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(numbers).size).toBeGreaterThan(990);
  });
});
