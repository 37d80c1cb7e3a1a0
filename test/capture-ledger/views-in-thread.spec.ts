import { UnknownEvent } from '#event-store/event-codec.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { exitCodeOf } from '../../apps/capture-ledger/src/exit-code.js';
import type { ViewThreadFailed } from '../../apps/capture-ledger/src/view-thread-failed.js';
import { failed } from '../../apps/capture-ledger/src/view-work.js';
import { ViewsInThread } from '../../apps/capture-ledger/src/views-in-thread.js';

const log = (): void => undefined;

/** Threads that stand in for the real one, which cannot be made to do this: each is the text of its program. */
const HEARS = `const { parentPort, workerData } = require('node:worker_threads');`;
const programs = {
  'dies as it is loaded': `throw new Error('no such file')`,
  'ends before it has said a word': ``,
  'says that it cannot go on, and hangs': `${HEARS}
    parentPort.on('message', () => process.exit());
    parentPort.postMessage({ said: 'failed', error: new Error('no such file'), exitCode: 4 });`,
} as const;

const FOLLOWS = `${HEARS}
  const heard = [];
  parentPort.on('message', (word) => {
    heard.push(word);
    if (word === 'committed') Atomics.store(workerData.bell, 0, 0);
    parentPort.postMessage({ said: 'observed', by: 'projector', call: 'following', with: [heard.length] });
    if (word === 'stop') process.exit();
  });
  parentPort.postMessage({ said: 'observed', by: 'projector', call: 'following', with: [0] });`;

const start = (program: string) => {
  const fatal: ViewThreadFailed[] = [];
  const following: number[] = [];
  const views = new ViewsInThread({
    program: new URL(`data:text/javascript,${encodeURIComponent(inModule(program))}`),
    folder: '/nowhere',
    kafka: undefined,
    projector: {
      waiting: log,
      rebuilding: log,
      following: (position) => void following.push(position),
      projected: log,
      unusable: log,
      trouble: log,
    },
    publisher: {
      waiting: log,
      away: log,
      publishing: log,
      published: log,
      republishing: log,
      fenced: log,
      trouble: log,
      halted: log,
    },
    driver: log,
    fatal: (error) => void fatal.push(error),
  });
  return { views, fatal, following };
};

const inModule = (program: string): string =>
  `import { createRequire } from 'node:module'; const require = createRequire('/'); ${program}`;

describe('the views in a thread of their own', () => {
  it.each([
    ['dies as it is loaded', exitCodes.unexpected],
    ['ends before it has said a word', exitCodes.unexpected],
    ['says that it cannot go on, and hangs', exitCodes.storeBroken],
  ] as const)('end the process, once, with its exit code, where it %s', async (what, exitCode) => {
    const { views, fatal } = start(programs[what]);
    await views.begun();
    expect(fatal.map((error) => error.exitCode)).toEqual([exitCode]);
    expect(exitCodeOf(fatal[0])).toBe(exitCode);
    await views.stop();
    expect(fatal).toHaveLength(1);
  });

  it('are waited for until they have looked what there is, and end when they are told to', async () => {
    const { views, fatal, following } = start(FOLLOWS);
    await views.begun();
    expect(following).toEqual([0]);
    views.committed();
    await views.stop();
    expect(following).toEqual([0, 1, 2]);
    expect(fatal).toEqual([]);
  });

  it('are told of many commits by one word', async () => {
    const { views, following } = start(
      FOLLOWS.replace(`Atomics.store(workerData.bell, 0, 0)`, 'undefined'),
    );
    await views.begun();
    for (let commit = 0; commit < 5; commit += 1) views.committed();
    await views.stop();
    expect(following).toEqual([0, 1, 2]);
  });

  it('take the exit code of what ended them out of the thread', () => {
    const error = new UnknownEvent(
      { type: 'Later', stream: 'a', revision: 1 } as never,
      'of later',
    );
    expect(failed(error)).toMatchObject({ said: 'failed', exitCode: exitCodes.historyUnknown });
  });
});
