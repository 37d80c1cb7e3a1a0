// `npm run demo`: the ledger's main job before your eyes, with its real store, decisions and views.
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';
import { readConfiguration } from '#runtime/configuration.js';
import { endInTrouble } from '#runtime/trouble.js';
import { startLedger } from '../ledger.js';
import { provenDecidedOnce, totalsOf } from './evidence.js';
import { killBeforeAnswer } from './kill-before-answer.js';
import { inMilliseconds, money } from './narration.js';
import { newCommand } from './sent-command.js';
import { CURRENCY, Stage } from './stage.js';
import { playSteps } from './steps.js';

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

const demonstrate = async (): Promise<void> => {
  const store = join(readConfiguration(process.env).store, 'demo');
  const environment = {
    LEDGER_LOG_LEVEL: 'error',
    ...process.env,
    LEDGER_STORE: store,
    LEDGER_HTTP_PORT: '0',
  };
  // A merchant of its own for every run, so that each shows the same whatever the folder holds.
  const key = {
    merchantAccountId: `demo-${Date.now().toString(36)}`,
    authorizationId: 'auth_4563',
  };
  const ledger = await startLedger({ environment });
  say(
    `Capture Ledger ${versionOfPackage()}   store: sqlite ${store}   commands: in process   merchant: ${key.merchantAccountId}\n`,
  );
  const stage = new Stage(ledger.gateway, key, say);
  const captureId = await playSteps(stage, key.authorizationId);
  await ledger.stop();

  const refund = newCommand(key, 'RefundCapture', { captureId, amount: REFUND });
  const revision = await killBeforeAnswer(environment, refund);
  const since = performance.now();
  const restarted = await startLedger({ environment });
  const restart = inMilliseconds(performance.now() - since);
  await provenDecidedOnce(restarted, key, refund, revision);
  say(
    '  8  kill -9 after the append, before the answer; restart; sent again: nothing lost, nothing twice',
  );
  say(
    `     RefundCapture of ${money(REFUND, CURRENCY)} stands once in the history, as rev ${revision}; restarted in ${restart}\n`,
  );
  say(`  ${await totalsOf(restarted, key)}`);
  await restarted.stop();
};

await demonstrate().catch(endInTrouble);
