#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { deadLetterReasons } from '#commands/answer.js';
import type { PublishFrom } from '#projections/publish-from.js';
import { readConfiguration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { endInTrouble } from '#runtime/trouble.js';
import { adopt } from './adopt.js';
import { backUp } from './back-up.js';
import { listDeadLetters, replayDeadLetters, showDeadLetter } from './dead-letters.js';
import { publish } from './publish.js';
import { rebuild } from './rebuild.js';
import { restore } from './restore.js';
import type { RestoreOptions } from './restore.js';
import { topics } from './topics.js';

const program = new Command('capture-ledger').description('What an operator does to a ledger.');

// Before the commands, which take it over as they are made.
program.exitOverride(({ exitCode }) => {
  process.exit(exitCode === 0 ? exitCodes.ok : exitCodes.usage);
});

const reason = (which: string): Option =>
  new Option('--reason <reason>', which).choices(deadLetterReasons);

const deadLetters = program
  .command('dead-letters')
  .description(
    'records that became no command or could not be decided; KAFKA_BROKERS names the brokers',
  );

deadLetters
  .command('list')
  .description('one a line: place, reason, type, command id, where it was, what is wrong with it')
  .addOption(reason('only those of this reason'))
  .action((which: { reason?: string }) => listDeadLetters(readConfiguration(process.env), which));

deadLetters
  .command('show')
  .description('one of them with its headers and its value, as it came')
  .argument('<place>', 'partition/offset, as the list shows it')
  .action((place: string) => showDeadLetter(readConfiguration(process.env), place));

deadLetters
  .command('replay')
  .description(
    'send those that came since the last replay to the topic of commands once more, each record once, ids and keys unchanged; one that is refused again is for the next replay',
  )
  .addOption(reason('those of this reason').makeOptionMandatory())
  .option('--again', 'also those that earlier replays have sent')
  .action((which: { reason: string; again?: boolean }) =>
    replayDeadLetters(readConfiguration(process.env), which),
  );

const epoch = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
};

const place = (text: string): PublishFrom => {
  if (text === 'start' || text === 'head') return text;
  if (/^(0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be start, head or a position.');
};

program
  .command('rebuild')
  .description(
    'make all views anew, by stream, into a fresh file beside the one in use, and put it in its place; LEDGER_STORE names the folder',
  )
  .action(async () => {
    await rebuild(readConfiguration(process.env));
  });

program
  .command('backup')
  .argument('<file>', 'where it is to be: a new file on a disk of this machine')
  .description(
    'copy the store into a file, whatever is at work on it, and prove the copy; LEDGER_STORE names the folder',
  )
  .action(async (file: string) => {
    await backUp(readConfiguration(process.env), file);
  });

program
  .command('restore')
  .argument('<file>', 'what backup has written')
  .option(
    '--replace',
    'let a store that is there give way; it is kept in a folder beside the new one',
  )
  .option('--after-epoch <epoch>', 'the greatest epoch that readers have seen', epoch)
  .description(
    'prove a backup and put it in place as the store, in an epoch of its own; LEDGER_STORE names the folder',
  )
  .action(async (file: string, options: RestoreOptions) => {
    await restore(readConfiguration(process.env), file, options);
  });

program
  .command('publish')
  .requiredOption(
    '--from <place>',
    'start: all events; head: those to come; a position: those after it',
    place,
  )
  .description(
    'say where a publisher that has halted goes on; every key of every view is published once more. LEDGER_STORE names the folder, KAFKA_BROKERS the brokers',
  )
  .action(async ({ from }: { from: PublishFrom }) => {
    await publish(readConfiguration(process.env), from);
  });

program
  .command('adopt')
  .description(
    'let this store take the commands from Kafka where another one has taken them, which is lost or not meant; LEDGER_STORE names the folder, KAFKA_BROKERS the brokers',
  )
  .action(async () => {
    await adopt(readConfiguration(process.env));
  });

program
  .command('topics')
  .description(
    'compare the topics on Kafka with those that the ledger wants, and print what mends the difference; KAFKA_BROKERS names the brokers',
  )
  .option('--create', 'make the topics that are missing; those that are there are never altered')
  .action(async ({ create = false }: { create?: boolean }) => {
    process.exitCode = await topics(readConfiguration(process.env), { create });
  });

await program.parseAsync().catch(endInTrouble);
