import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { identityIn } from '../event-store/store-files.js';
import { Random } from '../simulation/random.js';
import { freePorts } from '../../tools/kafka/ports.js';
import { startLedger } from './child-ledger.js';
import { Load } from './load.js';
import { logIn } from '../event-store/log-in.js';
import { expectSoundLog } from './log-proof.js';
import { cleanUp, temporaryFolder } from './program.js';
import { commandsOf, queuesOf } from './sent-command.js';
import { expectSoundViews } from './views-proof.js';

// Whole programs are started and ended, through npm.
jest.setTimeout(240_000);

afterAll(async () => {
  for (const shell of shells) endGroupOf(shell);
  await cleanUp();
});

/** Every command of the page, block by block, with the heading that it stands under. */
const blocksOf = (page: string): readonly Readonly<{ under: string; commands: string }>[] => {
  let under = '';
  return page.split(/^ *```/m).flatMap((part, index) => {
    const isCode = index % 2 === 1;
    if (!isCode) under = [...part.matchAll(/^## (.*)$/gm)].at(-1)?.[1] ?? under;
    const [language, ...lines] = part.split('\n');
    return isCode && language === 'bash' ? [{ under, commands: lines.join('\n').trim() }] : [];
  });
};

type Said = Readonly<{ code: number; stdout: string; stderr: string }>;
type Shell = ChildProcessByStdio<null, Readable, Readable>;

/** In a process group of its own, so that nothing is left of it whatever it has started. */
const startShell = (commands: readonly string[], environment: NodeJS.ProcessEnv = {}): Shell => {
  const { PATH, HOME } = process.env;
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', commands.join('\n')], {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  shells.push(shell);
  return shell;
};

const shells: Shell[] = [];

const endGroupOf = ({ pid }: Shell): void => {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch {
    // All of it has ended by itself.
  }
};

const run = async (commands: readonly string[]): Promise<Said> => {
  const shell = startShell(commands);
  const said = Promise.all([text(shell.stdout), text(shell.stderr)]);
  const [code] = (await once(shell, 'exit')) as [number];
  endGroupOf(shell);
  const [stdout, stderr] = await said;
  return { code, stdout, stderr };
};

/** The address of a ledger that is started by these commands. */
const startByShell = async (commands: readonly string[]): Promise<string> => {
  const shell = startShell(commands, { LEDGER_HTTP_PORT: '0', LEDGER_LOG_LEVEL: 'error' });
  for await (const line of createInterface(shell.stdout)) {
    const [url] = /http:\/\/\S+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('it ended without an address');
};

describe('the runbook of backup and restore', () => {
  it('does what it says, from the first command to the last', async () => {
    const page = readFileSync('docs/runbooks/backup-and-restore.md', 'utf8');
    const blocks = blocksOf(page);
    expect(blocks.map(({ under }) => under)).toEqual([
      '',
      'Make one',
      'Make one',
      'Try one',
      'Try one',
      'Restore',
      'Restore',
    ]);
    // What differs from the page: where the folders are, and which port is free.
    const root = temporaryFolder();
    const [folder, backups] = [join(root, 'ledger'), join(root, 'ledger-backups')];
    mkdirSync(backups);
    const [port] = await freePorts(1);
    const [where, make, check, tryIt, tryOn, restore, start] = blocks.map(({ commands }) =>
      commands.replaceAll('/srv/', `${root}/`).replaceAll('8099', String(port)),
    ) as [string, string, string, string, string, string, string];

    const random = new Random(101);
    const before = new Load(commandsOf(101, { authorizations: 4, each: 25 }));
    const ledger = await startLedger(folder);
    await before.send(ledger.url, queuesOf(before.commands, 2, random));
    const backedUp = await logIn(folder);
    const made = await run([where, make, check]);
    expect(made).toMatchObject({ code: 0, stdout: '' });
    expect(made.stderr).toContain(`Backed up: as of ${backedUp.length}, event `);
    const [sums, file, ...more] = readdirSync(backups);
    expect([sums, file, more]).toEqual([
      'SHA256SUMS',
      expect.stringMatching(/^ledger-.*Z\.db$/),
      [],
    ]);

    const tried = await run([where, tryIt, tryOn]);
    expect(tried).toMatchObject({ code: 0 });
    expect(tried.stdout).toContain(`"position ${backedUp.length}, write-ahead log `);
    expect(tried.stdout).toContain('"asOf":');
    expect(readdirSync(backups)).toEqual([sums, file]);

    const after = new Load(commandsOf(101, { authorizations: 6, each: 25 }));
    await after.send(ledger.url, queuesOf(after.commands, 1, random));
    expect(await run([where, restore])).toMatchObject({ code: 3 });
    await ledger.program.stop();
    const restored = await run([where, restore]);
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.stderr).toContain(`Restored: as of ${backedUp.length}, event `);
    expect(await logIn(folder)).toEqual(backedUp);
    expect(identityIn(folder).epoch).toBe(2);

    const url = await startByShell([where, start]);
    const again = new Load(after.commands);
    await again.send(url, queuesOf(again.commands, 1, random));
    const log = await logIn(folder);
    expect(log.slice(0, backedUp.length)).toEqual(backedUp);
    expectSoundLog(log, again);
    await expectSoundViews(url, folder, log);
  });
});
