import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfiguration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { Health } from '#runtime/health.js';
import { Lifecycle } from '#runtime/lifecycle.js';
import { createLog } from '#runtime/log.js';
import { systemClock } from '#runtime/system-clock.js';
import { endInTrouble, exitCodeOf } from '#runtime/trouble.js';

/** What test/runtime/process.spec.ts starts: a process that lives as the ledger does, with little in it. */
class StoreBroken extends Error {}

const start = async (): Promise<void> => {
  const { http, logLevel } = readConfiguration(process.env);
  const log = createLog(logLevel);
  const health = new Health(systemClock);
  const lifecycle = new Lifecycle({
    clock: systemClock,
    health,
    log,
    exitCodeOf: (error) =>
      error instanceof StoreBroken ? exitCodes.storeBroken : exitCodeOf(error),
    exit: (code) => process.exit(code),
  });
  lifecycle.guardProcess();
  lifecycle.opened('store', async () => log.info({}, 'the store closes'));

  let underWay: ServerResponse | undefined;
  const server = createServer((request, response) => {
    underWay = response;
    process.stdout.write('request under way\n');
    if (request.url === '/throw')
      setImmediate(() => {
        throw new StoreBroken('fsync failed');
      });
    if (request.url === '/reject') void Promise.reject(new Error('nobody caught this'));
  });
  await new Promise<void>((resolve) => server.listen(http.port, http.host, resolve));
  lifecycle.opened('http', () => {
    const closed = new Promise((resolve) => server.close(resolve));
    if (process.env['STUCK'] === undefined) underWay?.end('answered');
    return closed;
  });
  health.enter('running');
  process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`);
};

await start().catch(endInTrouble);
