import { spawnSync } from 'node:child_process';
import { tellNotRun } from '../kafka/suites.js';

/**
 * A suite that needs python3, and a module of it; where that is not there, the end of the run says so.
 *
 * @param module undefined: the standard library is enough.
 */
export const describeWithPython = (
  name: string,
  module: string | undefined,
  suite: () => void,
): void => {
  const why = lacking(module);
  if (why !== undefined) tellNotRun(name, why);
  const declare: (title: string, body: () => void) => void =
    why === undefined ? describe : describe.skip;
  declare(name, suite);
};

const lacking = (module: string | undefined): string | undefined => {
  if (!runs('')) return 'there is no python3';
  return module === undefined || runs(`import ${module}`) ? undefined : `python3 has no ${module}`;
};

const runs = (program: string): boolean => spawnSync('python3', ['-c', program]).status === 0;
