import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerMeans, javaMeans } from '../../tools/kafka/broker.ts';
import { endOfRun } from './end-of-run.ts';

/**
 * Before a Jest run: finds out what brokers can be started with here, and listens for the first suite that
 * wants the run's one broker. Nothing is started for a run of suites that want none.
 */
export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'capture-ledger-tests-'));
  const [docker, java] = await Promise.all([dockerMeans(), javaMeans()]);
  let address: Promise<string> | undefined;

  const server = createServer((suite) => {
    suite.on('error', () => undefined);
    address ??= startSharedBroker();
    address.then(
      (listening) => suite.end(JSON.stringify({ address: listening })),
      (error: unknown) => suite.end(JSON.stringify({ trouble: String(error) })),
    );
  });
  server.listen(join(folder, 'broker.sock')).unref();
  await once(server, 'listening');

  // Workers get the environment of this process, and there is no other way to tell them something.
  process.env['KAFKA_TESTS_FOLDER'] = folder;
  process.env['KAFKA_TESTS_MEANS'] = [docker && 'docker', java && 'java'].filter(Boolean).join(',');
  endOfRun.folder = folder;
}

/** Forked, so that the broker goes when this process goes, however it ends. */
const startSharedBroker = async (): Promise<string> => {
  const tool = fork('tools/kafka/main.ts', ['--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  endOfRun.broker = tool;
  let said = '';
  tool.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(tool, 'close').then(() => {
    throw new Error(`the broker of this run ended: ${said}`);
  });
  const [ready] = await Promise.race([once(tool, 'message'), ended]);
  ended.catch(() => undefined);
  return (ready as { address: string }).address;
};
