#!/usr/bin/env node
import { Command } from 'commander';
import { readConfiguration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { endInTrouble } from '#runtime/trouble.js';
import { rebuild } from './rebuild.js';

const program = new Command('capture-ledger').description('What an operator does to a ledger.');

program
  .command('rebuild')
  .description(
    'make all views anew, by stream, into a fresh file beside the one in use, and put it in its place; LEDGER_STORE names the folder',
  )
  .action(async () => {
    await rebuild(readConfiguration(process.env));
  });

program.exitOverride(({ exitCode }) => {
  process.exit(exitCode === 0 ? exitCodes.ok : exitCodes.usage);
});

await program.parseAsync().catch(endInTrouble);
