import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Random } from '../simulation/random.js';
import { killedInViews, startLedger } from './child-ledger.js';
import { Load } from './load.js';
import { logIn } from '../event-store/log-in.js';
import { folderOfNewerStore } from './newer-store.js';
import { Program, cleanUp, temporaryFolder } from './program.js';
import { commandsOf, queuesOf } from './sent-command.js';
import { listsOf } from './shown.js';
import { rowsIn, viewsOf } from './views-proof.js';

/** A folder on which a ledger has worked. */
let folder: string;
/** Of the last event. */
let head: number;
/** What its lists have shown in the end. */
let pages: readonly string[];

beforeAll(async () => {
  folder = temporaryFolder();
  const load = new Load(commandsOf(61, { authorizations: 10, each: 40 }));
  const { program, url } = await startLedger(folder);
  await load.send(url, queuesOf(load.commands, 1, new Random(61)));
  head = (await logIn(folder)).length;
  ({ pages } = await listsOf(url, head));
  await program.stop();
});

afterAll(cleanUp);

const rebuild = (on: string, environment: Readonly<Record<string, string>> = {}): Program =>
  new Program('cli.js', ['rebuild'], { LEDGER_STORE: on, ...environment });

/** What the lists show on a ledger that is started for that. */
const pagesNow = async (): Promise<readonly string[]> => {
  const { program, url } = await startLedger(folder);
  const now = await listsOf(url, head);
  await program.stop();
  return now.pages;
};

/** Makes of the views what no fold would ever make of the log. */
const spoilViews = (): void => {
  const views = new DatabaseSync(join(folder, 'views.db'));
  views.exec(
    `UPDATE authorizations SET status = 'voided'; DELETE FROM captures WHERE sequence = 1`,
  );
  views.close();
};

const firstLineOf = ({ stderr }: Program): string | undefined => stderr.split('\n')[0];

describe('capture-ledger rebuild', () => {
  it('waits for no ledger that keeps the views', async () => {
    const { program } = await startLedger(folder);
    const refused = rebuild(folder);
    await expect(refused.ended()).resolves.toBe(3);
    expect(firstLineOf(refused)).toBe(
      `Cannot rebuild the views in ${folder} (another process keeps them)`,
    );
    expect(refused.stderr).toContain('LEDGER_STORE comes from the environment');
    await program.stop();
  });

  it.each([
    ['among its rows', 'commit views.db.next 1'],
    ['at its last row', 'commit views.db.next 2'],
    ['while it puts its views in place', 'copy'],
  ])('killed %s leaves the views as they are', async (_when, where) => {
    const before = rowsIn(viewsOf(folder));
    const killed = rebuild(folder, killedInViews(where));
    await expect(killed.ended()).resolves.toBe('SIGKILL');
    expect(existsSync(join(folder, 'views.db.next'))).toBe(true);
    expect(rowsIn(viewsOf(folder))).toEqual(before);
  });

  it('makes of spoiled views those that were projected', async () => {
    expect(await pagesNow()).toEqual(pages);
    const projected = rowsIn(viewsOf(folder));
    spoilViews();
    expect(await pagesNow()).not.toEqual(pages);
    const program = rebuild(folder);
    await expect(program.ended()).resolves.toBe(0);
    expect(program.stdout).toBe('');
    expect(program.stderr).toMatch(new RegExp(`^Rebuilt: as of ${head}\\.$`, 'm'));
    expect(existsSync(join(folder, 'views.db.next'))).toBe(false);
    expect(rowsIn(viewsOf(folder))).toEqual(projected);
    expect(await pagesNow()).toEqual(pages);
  });

  it('makes no store where there is none', async () => {
    const nowhere = join(temporaryFolder(), 'nothing');
    const program = rebuild(nowhere);
    await expect(program.ended()).resolves.toBe(2);
    expect(firstLineOf(program)).toBe(`Cannot rebuild the views in ${nowhere} (there is no store)`);
    expect(existsSync(nowhere)).toBe(false);
  });

  it('leaves a store alone that a newer build wrote', async () => {
    const newer = folderOfNewerStore();
    const program = rebuild(newer);
    await expect(program.ended()).resolves.toBe(2);
    expect(firstLineOf(program)).toMatch(/has version 99 .* start the newer build/);
    expect(existsSync(join(newer, 'views.db'))).toBe(false);
  });
});
