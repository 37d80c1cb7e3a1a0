import { jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fillStore } from '../event-store/chained-history.js';
import { contentsOf, tamper } from '../event-store/store-files.js';
import { Random } from '../simulation/random.js';
import { backUp, restore } from './backups.js';
import { startLedger } from './child-ledger.js';
import { Load } from './load.js';
import { logIn } from '../event-store/log-in.js';
import { expectSoundLog } from './log-proof.js';
import { folderOfNewerStore } from './newer-store.js';
import { Program, cleanUp, temporaryFolder } from './program.js';
import { commandsOf, queuesOf } from './sent-command.js';

// Whole programs are started and ended.
jest.setTimeout(180_000);

let folder: string;
/** Where backups go. */
let place: string;
/** A backup of what is in the folder. */
let file: string;

beforeEach(async () => {
  folder = temporaryFolder();
  place = temporaryFolder();
  file = join(place, 'backup.db');
  await fillStore(folder, { streams: 3, each: 5 });
  await backUp(folder, file).ended();
});
afterEach(cleanUp);

/** What it said in the end. */
const linesOf = ({ stderr }: Program): readonly string[] =>
  stderr.split('\n').filter((line) => !/^(copying|verifying) /.test(line));

/** It ends with that code, with a line that says why and one that says what to do; nothing is changed. */
const expectRefused = async (
  run: () => Program,
  { code, why, cure }: Readonly<{ code: number; why: string; cure: string }>,
): Promise<void> => {
  const before = [contentsOf(folder), contentsOf(place)];
  const program = run();
  await expect(program.ended()).resolves.toBe(code);
  expect(program.stdout).toBe('');
  const [said, todo, ...more] = linesOf(program);
  expect(said).toContain(why);
  expect(said).toMatch(/^Cannot (back up the store in|restore) /);
  expect(todo).toContain('LEDGER_STORE comes from the environment');
  expect(todo).toContain(cure);
  expect(more).toEqual(['']);
  expect([contentsOf(folder), contentsOf(place)]).toEqual(before);
};

const fullDisk = {
  NODE_OPTIONS: `--import=${pathToFileURL('test/journeys/full-disk.ts').href}`,
};

describe('capture-ledger backup', () => {
  it('is refused over a file that is there', () =>
    expectRefused(() => backUp(folder, file), {
      code: 2,
      why: `(${file} is there already)`,
      cure: 'npm run ledger -- backup ANOTHER_FILE',
    }));

  it('is refused where there is no store, and makes none', async () => {
    const nowhere = join(folder, 'nothing');
    await expectRefused(() => backUp(nowhere, join(place, 'new.db')), {
      code: 2,
      why: `Cannot back up the store in ${nowhere} to ${join(place, 'new.db')} (there is no store)`,
      cure: 'LEDGER_STORE=/a/folder npm run ledger -- backup FILE',
    });
    expect(existsSync(nowhere)).toBe(false);
  });

  it('is refused where its folder is not there', () =>
    expectRefused(() => backUp(folder, join(place, 'sub', 'new.db')), {
      code: 2,
      why: `(there is no folder ${join(place, 'sub')})`,
      cure: '',
    }));

  it('is refused before it fills the disk', () =>
    expectRefused(() => backUp(folder, join(place, 'new.db'), fullDisk), {
      code: 3,
      why: `bytes left, and `,
      cure: 'npm run ledger -- backup /another/disk/FILE',
    }));

  it('is refused of a store that a newer build wrote', async () => {
    folder = folderOfNewerStore();
    await expectRefused(() => backUp(folder, join(place, 'new.db')), {
      code: 2,
      why: 'has version 99 and this build knows',
      cure: '',
    });
  });

  it('says of a damaged store what is wrong with it, and leaves nothing', async () => {
    tamper(join(folder, 'events.db'), 'DELETE FROM events WHERE position = 4');
    const program = backUp(folder, join(place, 'new.db'));
    await expect(program.ended()).resolves.toBe(4);
    expect(program.stderr).toMatch(/what was copied is not whole: .* 14 events up to position 15/);
    expect(readdirSync(place)).toEqual(['backup.db']);
  });

  it('leaves nothing where it cannot be written to its end', async () => {
    // A file may not grow beyond this many blocks: the copy of the store is larger.
    const shell = `ulimit -f 8; exec '${process.execPath}' dist/apps/capture-ledger/src/cli.js backup '${join(place, 'new.db')}'`;
    const { status, stderr } = spawnSync('sh', ['-c', shell], {
      env: { PATH: process.env['PATH'], LEDGER_STORE: folder },
      encoding: 'utf8',
    });
    expect(status).toBe(4);
    expect(stderr).toMatch(/^Cannot back up the store in .* \(Error: disk I\/O error\)$/m);
    expect(readdirSync(place)).toEqual(['backup.db']);
  });

  it('stopped with Ctrl-C leaves nothing', async () => {
    folder = temporaryFolder();
    await fillStore(folder, { streams: 30, each: 5, length: 300_000 });
    const program = backUp(folder, join(place, 'new.db'));
    await program.says(/copying/, 'stderr');
    program.kill('SIGINT');
    program.kill('SIGINT');
    await expect(program.ended()).resolves.toBe(1);
    expect(program.stderr).toMatch(/^Stopped; there is no backup\.$/m);
    expect(readdirSync(place)).toEqual(['backup.db']);
  });

  it('is not made without being told where', async () => {
    const program = new Program('cli.js', ['backup'], { LEDGER_STORE: folder });
    await expect(program.ended()).resolves.toBe(2);
    expect(program.stderr).toContain(`missing required argument 'file'`);
  });
});

describe('capture-ledger restore', () => {
  it('is refused while a ledger is at work, which goes on', async () => {
    folder = temporaryFolder();
    const load = new Load(commandsOf(91, { authorizations: 4, each: 20 }));
    const { program, url } = await startLedger(folder);
    const half = load.commands.slice(0, 40);
    await load.send(url, queuesOf(half, 1, new Random(91)));
    const refused = restore(folder, file, ['--replace']);
    await expect(refused.ended()).resolves.toBe(3);
    expect(linesOf(refused)[0]).toBe(
      `Cannot restore ${file} to ${folder} (a ledger is at work on it)`,
    );
    expect(refused.stderr).toContain('kill -TERM PID');
    await load.send(url, queuesOf(load.commands, 1, new Random(92)));
    expectSoundLog(await logIn(folder), load);
    await program.stop();
    await expect(restore(folder, file, ['--replace']).ended()).resolves.toBe(0);
  });

  it('is refused where a store is there, and names the option that keeps it', () =>
    expectRefused(() => restore(folder, file), {
      code: 2,
      why: `(there is a store in ${folder})`,
      cure: `npm run ledger -- restore ${file} --replace`,
    }));

  it.each<[string, string, () => void]>([
    ['cut off', 'database disk image is malformed', () => truncateSync(file, 20_000)],
    ['no store', 'file is not a database', () => writeFileSync(file, 'x'.repeat(20_000))],
    ['damaged', 'chain is broken', () => tamper(file, `UPDATE events SET data = '{"a":1}'`)],
  ])('is refused from a file that is %s', async (_what, why, spoil) => {
    spoil();
    await expectRefused(() => restore(folder, file, ['--replace']), {
      code: 2,
      why,
      cure: 'npm run ledger -- restore AN_EARLIER_FILE',
    });
  });

  it('is refused from a file that is not there', async () => {
    file = join(place, 'nothing.db');
    await expectRefused(() => restore(folder, file, ['--replace']), {
      code: 2,
      why: '(there is no such file)',
      cure: '',
    });
  });

  it('is refused from a backup of a newer build', async () => {
    file = join(folderOfNewerStore(), 'events.db');
    await expectRefused(() => restore(folder, file, ['--replace']), {
      code: 2,
      why: 'has version 99 and this build knows',
      cure: '',
    });
  });

  it('is refused before it fills the disk', () =>
    expectRefused(() => restore(folder, file, ['--replace'], fullDisk), {
      code: 3,
      why: `bytes left, and `,
      cure: 'LEDGER_STORE=/another/disk',
    }));

  it('over a store that is no database any more wants to know which epochs there were', async () => {
    writeFileSync(join(folder, 'events.db'), 'x'.repeat(20_000));
    await expectRefused(() => restore(folder, file, ['--replace']), {
      code: 2,
      why: 'is damaged, and does not tell its epoch',
      cure: `npm run ledger -- restore ${file} --replace --after-epoch N`,
    });
    const program = restore(folder, file, ['--replace', '--after-epoch', '3']);
    await expect(program.ended()).resolves.toBe(0);
    expect(program.stderr).toContain('the store is in epoch 4 now');
    const aside = readdirSync(folder).find((name) => name.startsWith('replaced-'))!;
    expect(readFileSync(join(folder, aside, 'events.db'), 'utf8')).toBe('x'.repeat(20_000));
  });

  it('takes no epoch that is none', async () => {
    const program = restore(folder, file, ['--replace', '--after-epoch', 'one']);
    await expect(program.ended()).resolves.toBe(2);
    expect(program.stderr).toContain('It must be a whole number from 1 on.');
  });
});
