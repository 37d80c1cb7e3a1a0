#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { readConfiguration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { endInTrouble } from '#runtime/trouble.js';
import { backUp } from './back-up.js';
import { listDeadLetters, replayDeadLetters, showDeadLetter } from './dead-letters.js';
import { rebuild } from './rebuild.js';
import { restore } from './restore.js';
import type { RestoreOptions } from './restore.js';
import { topics } from './topics.js';

const program = new Command('capture-ledger').description('What an operator does to a ledger.');

// Before the commands, which take it over as they are made.
const deadLetters = program
  .command('dead-letters')
  .description(
    'records that became no command or could not be decided; KAFKA_BROKERS names the brokers',
  );

deadLetters
  .command('list')
  .description('one a line: place, reason, type, command id, where it was, what is wrong with it')
  .option('--reason <reason>', 'only those of this reason')
  .action((which: { reason?: string }) => listDeadLetters(readConfiguration(process.env), which));

deadLetters
  .command('show')
  .description('one of them with its headers and its value, as it came')
  .argument('<place>', 'partition/offset, as the list shows it')
  .action((place: string) => showDeadLetter(readConfiguration(process.env), place));

deadLetters
  .command('replay')
  .description('send them to the topic of commands once more, ids and keys unchanged')
  .requiredOption('--reason <reason>', 'those of this reason')
  .action((which: { reason: string }) => replayDeadLetters(readConfiguration(process.env), which));

program.exitOverride(({ exitCode }) => {
  process.exit(exitCode === 0 ? exitCodes.ok : exitCodes.usage);
});

const epoch = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
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
  .command('topics')
  .description(
    'compare the topics on Kafka with those that the ledger wants, and print what mends the difference; KAFKA_BROKERS names the brokers',
  )
  .option('--create', 'make the topics that are missing; those that are there are never altered')
  .action(async ({ create = false }: { create?: boolean }) => {
    process.exitCode = await topics(readConfiguration(process.env), { create });
  });

await program.parseAsync().catch(endInTrouble);
