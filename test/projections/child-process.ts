// What the tests start and kill: a process that projects, or rebuilds, or only holds the lock. It says
// on its standard output how far it is, a line each time.
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { ProjectorLock } from '#projections/projector-lock.js';
import { Projector } from '#projections/projector.js';
import { rebuildViews } from '#projections/rebuild.js';
import { systemClock } from '#runtime/system-clock.js';

const [task, folder = ''] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const { signal } = new AbortController();

const projectUntilKilled = async (): Promise<void> => {
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  const observer = {
    waiting: () => say('waiting'),
    rebuilding: ({ done }: { done: number }) => say(`rebuilding ${done}`),
    following: (position: number) => say(`following ${position}`),
    projected: ({ position }: { position: number }) => say(`projected ${position}`),
    unusable: ({ stream }: { stream: string }) => say(`unusable ${stream}`),
    trouble: ({ message }: { message: string }) => say(`trouble ${message}`),
  };
  await new Projector({ store, folder, clock: systemClock, observer }).run(signal);
};

const rebuildUntilKilled = async (): Promise<void> => {
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  const lock = ProjectorLock.take(folder);
  if (!lock) throw new Error('another process projects');
  const progress = ({ done, total }: { done: number; total: number }) =>
    say(`rebuilt ${done} of ${total}`);
  await rebuildViews({
    store,
    lock,
    clock: systemClock,
    signal,
    progress,
    unusable: () => undefined,
  });
  say('switched');
  process.exit();
};

if (task === 'project') await projectUntilKilled();
if (task === 'rebuild') await rebuildUntilKilled();
