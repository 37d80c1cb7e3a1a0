// `npm run demo`: the ledger's main job before your eyes, with its real store, decisions and views; with
// `-- --kafka`, or where KAFKA_BROKERS is set, over Kafka, with the shop as a process of its own.
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';
import { Command } from 'commander';
import { readConfiguration } from '#runtime/configuration.js';
import type { Environment } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { endInTrouble } from '#runtime/trouble.js';
import { brokerAnswers } from './broker-answers.js';
import { provenDecidedOnce, totalsOf } from './evidence.js';
import { killBeforeAnswer } from './kill-before-answer.js';
import { inMilliseconds, money } from './narration.js';
import { newCommand } from './sent-command.js';
import { CURRENCY, Stage } from './stage.js';
import { playSteps } from './steps.js';
import { throwAwayBroker } from './throw-away-broker.js';
import { inProcess, overKafka } from './way.js';
import type { Way } from './way.js';

/** What step 8 refunds. As much again could be: a second decision would go through, and would show. */
const REFUND = 1000;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const versionOfPackage = (): string => {
  const path = findPackageJSON('..', import.meta.url);
  if (path === undefined) throw new Error('there is no package.json above the demo');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
};

const demonstrate = async (environment: Environment, way: Way): Promise<void> => {
  // A merchant of its own for every run, so that each shows the same whatever the folder holds.
  const key = {
    merchantAccountId: `demo-${Date.now().toString(36)}`,
    authorizationId: 'auth_4563',
  };
  const ledger = await way.startLedger();
  say(
    `Capture Ledger ${versionOfPackage()}   store: sqlite ${environment['LEDGER_STORE']}   commands: ${way.name}   merchant: ${key.merchantAccountId}\n`,
  );
  const stage = new Stage(way.shop, key, say);
  const captureId = await playSteps(stage, key.authorizationId);
  await ledger.stop();

  const refund = newCommand(key, 'RefundCapture', { captureId, amount: REFUND });
  const unanswered = way.send(refund);
  const revision = await killBeforeAnswer(way.environment, unanswered.to);
  const since = performance.now();
  const restarted = await way.startLedger();
  const restart = inMilliseconds(performance.now() - since);
  await provenDecidedOnce(restarted, key, refund, revision, unanswered.answeredAfterRestart);
  say(
    `  8  kill -9 after the append, before the answer; restart; ${way.again}: nothing lost, nothing twice`,
  );
  say(
    `     RefundCapture of ${money(REFUND, CURRENCY)} stands once in the history, as rev ${revision}; restarted in ${restart}\n`,
  );
  say(`  ${await totalsOf(restarted, key)}`);
  await restarted.stop();
};

const run = async ({ kafka }: Readonly<{ kafka?: true }>): Promise<void> => {
  const configuration = readConfiguration(process.env);
  const environment = {
    LEDGER_LOG_LEVEL: 'error',
    ...process.env,
    LEDGER_STORE: join(configuration.store, 'demo'),
    LEDGER_HTTP_PORT: '0',
  };
  if (!kafka && !configuration.kafka) return demonstrate(environment, inProcess(environment));
  if (configuration.kafka) await brokerAnswers(configuration.kafka, configuration);
  const broker = configuration.kafka ? undefined : await throwAwayBroker();
  const way = overKafka({
    ...environment,
    ...(broker && { KAFKA_BROKERS: broker.address }),
  });
  await demonstrate(environment, way);
  await way.close();
  await broker?.close();
};

await new Command('demo')
  .description('Shows the ledger doing its main job, in eight steps.')
  .option('--kafka', 'over Kafka: on the brokers of KAFKA_BROKERS, or on a throw-away one')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.ok : exitCodes.usage))
  .action(run)
  .parseAsync()
  .catch(endInTrouble);
