import { exitCodes } from '#runtime/exit-codes.js';
import type { ExitCode } from '#runtime/exit-codes.js';
import { Health } from '#runtime/health.js';
import { Lifecycle, StoppedAtStart } from '#runtime/lifecycle.js';
import { keptLog, ManualClock, turn } from './fixtures.js';

class StoreBroken extends Error {}

/** A process that runs, with what it did as words: parts closed, exits. */
const runningProcess = () => {
  const clock = new ManualClock();
  const health = new Health(clock);
  const { log, lines } = keptLog();
  const done: string[] = [];
  const lifecycle = new Lifecycle({
    clock,
    health,
    log,
    exitCodeOf: (error) =>
      error instanceof StoreBroken ? exitCodes.storeBroken : exitCodes.unexpected,
    exit: (code: ExitCode) => void done.push(`exit ${code}`),
  });
  const open = (name: string, close: () => Promise<unknown> = turn) =>
    lifecycle.opened(name, async () => {
      done.push(`${name} closing`);
      await close();
      done.push(`${name} closed`);
    });
  health.enter('running');
  return { clock, health, lifecycle, lines, done, open };
};

const never = () => new Promise<never>(() => undefined);

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await turn();
};

describe('a stop', () => {
  it('closes each part before what it was built on, one after another', async () => {
    const { lifecycle, open, done } = runningProcess();
    for (const part of ['store', 'projector', 'decisions', 'http']) open(part);
    await expect(lifecycle.stop('the demo is over')).resolves.toBe(exitCodes.ok);
    expect(done).toEqual([
      'http closing',
      'http closed',
      'decisions closing',
      'decisions closed',
      'projector closing',
      'projector closed',
      'store closing',
      'store closed',
    ]);
  });

  it('makes the process not ready before anything closes', async () => {
    const { lifecycle, open, health } = runningProcess();
    let phase: string | undefined;
    open('http', async () => {
      phase = health.phase;
    });
    await lifecycle.stop('SIGTERM');
    expect(phase).toBe('stopping');
  });

  it('goes on where a part does not close, and tells of it by its exit code', async () => {
    const { lifecycle, open, done, lines } = runningProcess();
    open('store');
    open('views', () => Promise.reject(new Error('and what followed from it')));
    open('projector', () => Promise.reject(new StoreBroken('fsync failed')));
    open('http');
    await expect(lifecycle.stop('SIGTERM')).resolves.toBe(exitCodes.storeBroken);
    expect(done).toContain('store closed');
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', part: 'projector', msg: 'did not close' }),
    );
  });

  it('takes ten seconds at most, and then says what is still open', async () => {
    const { lifecycle, open, clock, lines } = runningProcess();
    open('store');
    open('decisions', never);
    open('http');
    const stopped = lifecycle.stop('SIGTERM');
    await until(() => lines.length > 0 && clock.waiting > 0);
    await turn();
    clock.advance(9_999);
    await turn();
    expect(lines.at(-1)).toMatchObject({ msg: 'stopping' });
    clock.advance(1);
    await expect(stopped).resolves.toBe(exitCodes.unexpected);
    expect(lines.at(-1)).toMatchObject({ level: 'error', open: ['store', 'decisions'] });
  });

  it('leaves no timer behind when everything has closed', async () => {
    const { lifecycle, open, clock } = runningProcess();
    open('store');
    await lifecycle.stop('SIGTERM');
    expect(clock.waiting).toBe(0);
  });

  it('is one stop, however often it is asked for', async () => {
    const { lifecycle, open, done } = runningProcess();
    open('store');
    await Promise.all([lifecycle.stop('SIGTERM'), lifecycle.stop('the demo is over')]);
    await lifecycle.stop('once more');
    expect(done).toEqual(['store closing', 'store closed']);
  });

  it('closes what a start that was under way opens meanwhile', async () => {
    const { lifecycle, open, done } = runningProcess();
    open('store', async () => open('projector'));
    await lifecycle.stop('SIGTERM');
    expect(done).toContain('projector closed');
  });

  it('lets a start that is under way come to its next step, and closes what that has opened', async () => {
    const { lifecycle, open, done } = runningProcess();
    const opened = Promise.withResolvers<void>();
    const started = lifecycle.start(async () => {
      await opened.promise;
      open('store');
      lifecycle.mayGoOn();
      open('http');
    });
    lifecycle.signaled('SIGTERM');
    await turn();
    expect(done).toEqual([]);
    opened.resolve();
    await expect(started).rejects.toThrow(StoppedAtStart);
    await until(() => done.length === 3);
    expect(done).toEqual(['store closing', 'store closed', 'exit 0']);
  });

  it('makes nothing of a start that has just ended', async () => {
    const { lifecycle, open, done } = runningProcess();
    const started = lifecycle.start(async () => open('store'));
    lifecycle.signaled('SIGTERM');
    await expect(started).rejects.toThrow(StoppedAtStart);
    await until(() => done.length === 3);
    expect(done.at(-1)).toBe('exit 0');
  });

  it('knows a part by its name', () => {
    const { open } = runningProcess();
    open('store');
    expect(() => open('store')).toThrow('open already');
  });
});

describe('a signal', () => {
  it('stops the process in order, and ends it as well done', async () => {
    const { lifecycle, open, done } = runningProcess();
    open('store');
    lifecycle.signaled('SIGTERM');
    await until(() => done.length === 3);
    expect(done).toEqual(['store closing', 'store closed', 'exit 0']);
  });

  it('ends the process at once when it comes again, and says what was open', () => {
    const { lifecycle, open, done, clock, lines } = runningProcess();
    open('store');
    open('http', never);
    lifecycle.signaled('SIGTERM');
    clock.advance(500);
    lifecycle.signaled('SIGINT');
    expect(done).toEqual(['http closing', 'exit 1']);
    expect(lines.at(-1)).toMatchObject({ level: 'error', open: ['store', 'http'] });
  });

  it('is one signal where Ctrl-C comes from the terminal and from npm', async () => {
    const { lifecycle, open, done, clock } = runningProcess();
    open('store');
    lifecycle.signaled('SIGINT');
    clock.advance(499);
    lifecycle.signaled('SIGINT');
    await until(() => done.length === 3);
    expect(done.at(-1)).toBe('exit 0');
  });
});

describe('trouble that a process cannot live with', () => {
  it('ends it at once with the code of the trouble, and closes nothing', () => {
    const { lifecycle, open, done, health, lines } = runningProcess();
    open('store');
    lifecycle.fatal(new StoreBroken('fsync failed'));
    expect(done).toEqual(['exit 4']);
    expect(health.live().status).toBe('down');
    expect(lines).toMatchObject([{ level: 'fatal', err: { message: 'fsync failed' } }]);
  });

  it('ends it once, by what came first', () => {
    const { lifecycle, done } = runningProcess();
    lifecycle.fatal(new StoreBroken('fsync failed'));
    lifecycle.fatal(new Error('and what followed from it'));
    expect(done).toEqual(['exit 4']);
  });

  it('ends a process that is stopping, too', () => {
    const { lifecycle, open, done } = runningProcess();
    open('store', never);
    lifecycle.signaled('SIGTERM');
    lifecycle.fatal(new StoreBroken('fsync failed'));
    expect(done).toEqual(['store closing', 'exit 4']);
  });
});
