import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LastWord, Point } from './disturbed-ledger.js';
import { Program, startLedgerProgram } from './program.js';

/** A ledger in a process of its own, and where it listens. */
export type ChildLedger = Readonly<{ program: Program; url: string }>;

/** As `npm start` starts it. */
export const startLedger = (
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildLedger> => startLedgerProgram({ LEDGER_STORE: folder, ...environment });

/** One that kills itself when it comes to this point for the Nth time. */
export const startDisturbedLedger = async (
  folder: string,
  point: Point,
  count: number,
  more: Readonly<Record<string, string>> = {},
): Promise<ChildLedger> => {
  const path = relative('dist/apps/capture-ledger/src', 'test/journeys/disturbed-ledger.ts');
  const environment = {
    LEDGER_STORE: folder,
    LEDGER_HTTP_PORT: '0',
    LEDGER_LOG_LEVEL: 'error',
    NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
    ...more,
  };
  const program = new Program(path, [point, String(count)], environment);
  const [url] = await program.says(/http:\/\/\S+/);
  return { program, url };
};

/** What it said as it died; it has ended. */
export const lastWordOf = ({ program }: ChildLedger): LastWord => {
  const [line] = /\{"killedAt".*/.exec(program.stdout) ?? [];
  if (line === undefined) throw new Error(`it did not die where it should: ${program.stderr}`);
  return JSON.parse(line) as LastWord;
};

/** Environment of a program that is to be killed where it writes views: see kill-in-views.ts. */
export const killedInViews = (where: string): Readonly<Record<string, string>> => ({
  KILL_IN_VIEWS: where,
  NODE_OPTIONS: `--import=${pathToFileURL('test/journeys/kill-in-views.ts').href}`,
});
