import { endInTrouble } from '#runtime/trouble.js';
import { startConnector } from './connector.js';

const connector = await startConnector({ environment: process.env }).catch(endInTrouble);
connector.runtime.lifecycle.guardProcess();
const { brokers } = connector.kafka;
const accounts = connector.settings.merchantAccounts;
process.stdout.write(
  `Sandbox connector answers captures on Kafka at ${brokers.join(', ')}   ` +
    `merchant accounts: ${accounts ? [...accounts].join(', ') : 'all'}\n`,
);
