import { fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { findPackageJSON } from 'node:module';

export type ThrowAwayBroker = Readonly<{ address: string; close(): Promise<void> }>;

/** A real broker for this run alone: what `npm run kafka` starts. What is wrong with it, it says itself. */
export const throwAwayBroker = async (): Promise<ThrowAwayBroker> => {
  const root = dirname(findPackageJSON('..', import.meta.url)!);
  const broker = fork(join(root, 'tools/kafka/main.ts'), ['--port', '0'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(broker, 'exit');
  const first = await Promise.race([once(broker, 'message'), ended]);
  const [told] = first as [Readonly<{ address: string }> | number];
  if (typeof told === 'number') process.exit(told);
  return {
    address: told.address,
    close: async () => {
      broker.disconnect();
      await ended;
    },
  };
};
