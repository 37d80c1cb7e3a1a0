import 'reflect-metadata';
import { endInTrouble } from '#runtime/trouble.js';
import { startLedger } from './ledger.js';

const ledger = await startLedger({ environment: process.env, ownsProcess: true }).catch(
  endInTrouble,
);
const { store, kafka } = ledger.runtime.configuration;
const commands = kafka ? `   commands: HTTP, Kafka on ${kafka.brokers.join(', ')}` : '';
process.stdout.write(
  `Capture Ledger listens on ${ledger.url}   store: sqlite ${store}${commands}\n`,
);
