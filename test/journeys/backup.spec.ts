import { jest } from '@jest/globals';
import { hash } from 'node:crypto';
import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '#event-store/event-store.js';
import { Random } from '../simulation/random.js';
import { backUp, logInBackup, restore } from './backups.js';
import { startLedger } from './child-ledger.js';
import { Load } from './load.js';
import { logIn } from '../event-store/log-in.js';
import { decidedIn, expectSoundLog } from './log-proof.js';
import { cleanUp, temporaryFolder } from './program.js';
import type { Program } from './program.js';
import { commandsOf, queuesOf } from './sent-command.js';
import type { SentCommand } from './sent-command.js';
import { listsOf } from './shown.js';
import { expectSoundViews } from './views-proof.js';

// Whole programs are started and ended.
jest.setTimeout(180_000);

const random = new Random(81);

/** On which a ledger works. */
let folder: string;
let file: string;
let backup: Program;
/** What the backup holds. */
let backedUp: readonly RecordedEvent[];
/** What the ledger had done in the end. */
let log: readonly RecordedEvent[];
/** What it was sent, and has answered. */
let sent: readonly SentCommand[];
let first: Load;

/** Sends one authorization's commands after another, until the backup is made and a little longer. */
const sendMeanwhile = async (url: string): Promise<readonly SentCommand[]> => {
  const lives = [...Map.groupBy(first.commands, ({ authorizationId }) => authorizationId).values()];
  const all: SentCommand[] = [];
  let isMade = false;
  for (const [number, life] of lives.entries()) {
    await first.send(url, queuesOf(life, 3, random));
    all.push(...life);
    if (isMade) return all;
    if (number !== 1) continue;
    backup = backUp(folder, file);
    void backup.ended().then(() => (isMade = true));
  }
  throw new Error('the backup was not made in all that time');
};

beforeAll(async () => {
  folder = temporaryFolder();
  file = join(temporaryFolder(), 'backup.db');
  first = new Load(commandsOf(81, { authorizations: 300, each: 40 }));
  const ledger = await startLedger(folder);
  sent = await sendMeanwhile(ledger.url);
  await ledger.program.stop();
  backedUp = await logInBackup(file);
  log = await logIn(folder);
});

afterAll(cleanUp);

describe('a backup that is made while a ledger decides', () => {
  it('holds the history up to some moment, and tells which, and what the file is', () => {
    expect(backedUp.length).toBeGreaterThan(0);
    expect(backedUp.length).toBeLessThan(log.length);
    expect(backedUp).toEqual(log.slice(0, backedUp.length));
    const { eventId } = backedUp.at(-1)!;
    const told = `Backed up: as of ${backedUp.length}, event ${eventId}, epoch 1; `;
    expect(first.contradictions).toEqual([]);
    expect(backup.stderr.split('\n').at(-2)).toContain(told);
    expect(backup.stdout).toBe(`${hash('sha256', readFileSync(file))}  ${file}\n`);
  });

  it('and is restored shows its history in a new epoch, whatever views stand beside it', async () => {
    const restored = restore(folder, file, ['--replace']);
    await expect(restored.ended()).resolves.toBe(0);
    expect(restored.stdout).toBe('');
    expect(restored.stderr).toContain(`Restored: as of ${backedUp.length}, event `);
    expect(restored.stderr).toContain('the store is in epoch 2 now');
    const aside = readdirSync(folder).find((name) => name.startsWith('replaced-'));
    expect(restored.stderr).toContain(`What was there is in ${join(folder, aside!)}\n`);
    expect(await logIn(join(folder, aside!))).toEqual(log);

    // Somebody puts back the views of the history that is no more.
    for (const name of readdirSync(join(folder, aside!)))
      if (name.startsWith('views.db')) copyFileSync(join(folder, aside!, name), join(folder, name));
    const ledger = await startLedger(folder);
    await expectSoundViews(ledger.url, folder, backedUp);
    await ledger.program.stop();
  });

  it('and is restored answers what it holds with the same bytes, and decides the rest anew', async () => {
    const elsewhere = temporaryFolder();
    await expect(restore(elsewhere, file).ended()).resolves.toBe(0);
    const ledger = await startLedger(elsewhere);
    const again = new Load(sent);
    await again.send(ledger.url, queuesOf(sent, 1, random));
    const held = new Set(decidedIn(backedUp));
    for (const { commandId } of sent) {
      const { said, repeat } = again.acknowledged.get(commandId)!;
      const asBefore = said === first.acknowledged.get(commandId)!.said;
      // What is decided anew may come out otherwise, or the same.
      const expected = held.has(commandId) ? [true, true] : [false, asBefore];
      expect([commandId, repeat, asBefore]).toEqual([commandId, ...expected]);
    }
    await again.send(ledger.url, queuesOf(sent, 2, random));
    const now = await logIn(elsewhere);
    expect(now.slice(0, backedUp.length)).toEqual(backedUp);
    expectSoundLog(now, again);
    await expectSoundViews(ledger.url, elsewhere, now);
    const { authorizations, captures } = await listsOf(ledger.url, now.length);
    const epochs = [...authorizations, ...captures].map((view) => view.ledger.epoch);
    expect(new Set(epochs)).toEqual(new Set([2]));
    await ledger.program.stop();
  });
});
