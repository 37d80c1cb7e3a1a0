import type { KeptLetter } from '#kafka/kept-letter.js';
import type { OutRecord } from '#kafka/records.js';
import { Replay } from '#kafka/replay.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { Trouble } from '#runtime/trouble.js';
import { withLetters } from './letters-on-kafka.js';
import type { Which } from './letters-on-kafka.js';

/** Records that are sent again at a time. */
const BATCH = 500;

/** Lists the dead letters, one a line, and counts them by reason. */
export const listDeadLetters = (configuration: Configuration, which: Which): Promise<void> =>
  withLetters(configuration, async ({ letters, isStopped }) => {
    const counts = new Map<string, number>();
    for await (const letter of letters(which)) {
      counts.set(letter.reason, (counts.get(letter.reason) ?? 0) + 1);
      print(lineOf(letter));
    }
    const all = [...counts].map(([reason, count]) => `${reason} ${count}`);
    if (isStopped()) return stopped(`so far: ${all.join('   ') || 'none'}`);
    print(all.length === 0 ? 'There are no dead letters.' : `\n${all.join('   ')}`);
  });

/**
 * Prints one dead letter, its headers and its value, as they came: it may hold what a sender wrote of persons.
 *
 * @throws {Trouble} there is none at this place.
 */
export const showDeadLetter = (configuration: Configuration, place: string): Promise<void> =>
  withLetters(configuration, async ({ letters, isStopped }) => {
    for await (const letter of letters({})) {
      if (letter.place === place) return show(letter);
    }
    if (isStopped()) return stopped('it was not found so far.');
    throw new Trouble({
      what: `Cannot show the dead letter ${place}`,
      cause: 'there is none at this place',
      cures: [{ command: 'npm run ledger -- dead-letters list', effect: 'shows where they are' }],
      exitCode: exitCodes.usage,
    });
  });

/**
 * Sends the dead letters of a reason once more, ids and keys unchanged, and tells how far it is: those that
 * came since the last replay, with `again` all of them, each record once. A command that was decided
 * meanwhile is given its recorded answer, so that to replay again is safe.
 */
export const replayDeadLetters = (
  configuration: Configuration,
  { reason, again = false }: Readonly<{ reason: string; again?: boolean }>,
): Promise<void> =>
  withLetters(configuration, async ({ records, publish, replayed, topic, isStopped }) => {
    const replay = new Replay({ reason, topic, again, replayed: await replayed.of(reason) });
    let batch: OutRecord[] = [];
    const flush = async (): Promise<void> => {
      await publish(batch);
      batch = [];
      process.stderr.write(`${replay.counts.sent} sent again\n`);
    };
    for await (const letter of records()) {
      const record = replay.take(letter);
      if (record) batch.push(record);
      if (batch.length === BATCH) await flush();
    }
    if (batch.length > 0) await flush();
    await replayed.keep(reason, replay.through);
    if (isStopped()) return stopped(`so far: ${endOf(replay.counts)}`);
    print(endOf(replay.counts));
  });

const stopped = (what: string): void => {
  process.stderr.write(`Stopped; ${what}\n`);
  process.exitCode = exitCodes.unexpected;
};

const endOf = ({ sent, earlier, withheld }: Replay['counts']): string =>
  [
    `${sent} sent again`,
    ...(withheld > 0 ? [`${withheld} not: nothing that their senders wrote is kept`] : []),
    ...(earlier > 0
      ? [
          `${earlier} ${earlier === 1 ? 'was' : 'were'} sent by earlier replays: --again sends them once more`,
        ]
      : []),
  ].join('; ');

const lineOf = ({ place, reason, message, from, commandId, commandType }: KeptLetter): string =>
  [place.padEnd(8), reason.padEnd(18), commandType ?? '-', commandId ?? '-', from, message]
    .map(printable)
    .join('  ');

const show = ({ record, ...letter }: KeptLetter): void => {
  for (const [name, value] of Object.entries(letter)) {
    if (value !== undefined) print(`${name}: ${printable(String(value))}`);
  }
  if (!record) return print('\nNothing that its sender wrote is kept.');
  print(`\nkey: ${printable(record.key?.toString() ?? 'none')}`);
  for (const [name, values] of record.headers) {
    for (const value of values) print(`${printable(name)}: ${printable(value.toString())}`);
  }
  print(`\n${printable(record.value?.toString() ?? 'It has no value.')}`);
};

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Text of others on our terminal: without characters that a terminal obeys. */
const printable = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '�');
