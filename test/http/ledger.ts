import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CommandsModule } from '#commands/commands.module.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { createHttpApplication } from '#http/http-application.js';
import { LedgerHttpModule } from '#http/ledger-http.module.js';
import { Projector } from '#projections/projector.js';
import { ProjectionsModule } from '#projections/projections.module.js';
import type { Clock } from '#runtime/clock.js';
import { readConfiguration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { RuntimeModule } from '#runtime/runtime.module.js';
import { createRuntime } from '#runtime/runtime.js';
import type { Runtime } from '#runtime/runtime.js';
import { systemClock } from '#runtime/system-clock.js';
import { quiet } from '../commands/quiet-observer.js';
import { keptLog } from '../runtime/fixtures.js';
import type { LoggedLine } from '../runtime/fixtures.js';
import { HttpClient } from './http-client.js';

@Module({})
class LedgerUnderTest {}

export type RunningLedger = Readonly<{
  port: number;
  app: NestFastifyApplication;
  server: Server;
  client: HttpClient;
  /** As the ledger has it: with whatever is put around it. */
  store: EventStore;
  runtime: Runtime;
  /** The log, from debug on. */
  lines: readonly LoggedLine[];
  /** The codes with which the process would have ended. */
  exits: readonly number[];
  /** Keeps the views up to date from here on; a ledger that was started without does nothing for them. */
  project(): void;
  /** Stops as the process does: HTTP first, the store last. */
  stop(): Promise<void>;
}>;

export type LedgerUnderTestOptions = Readonly<{
  aroundStore?: (store: EventStore) => EventStore;
  clock?: Clock;
  projecting?: boolean;
}>;

/** The real thing over HTTP in a folder of its own: store, decisions, views, projector. */
export const startLedger = async ({
  aroundStore = (store) => store,
  clock = systemClock,
  projecting = true,
}: LedgerUnderTestOptions = {}): Promise<RunningLedger> => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-http-'));
  const opened = await openSqliteEventStore({ folder, clock: systemClock });
  const store = aroundStore(opened);
  const { log, lines } = keptLog('debug');
  const configuration = readConfiguration({ LEDGER_STORE: folder });
  const exits: number[] = [];
  const exit = (code: number) => void exits.push(code);
  const runtime = createRuntime({ configuration, exitCodeOf, clock, log, exit });
  const commands = CommandsModule.forRoot({ store, clock, observer: quiet });
  const projections = ProjectionsModule.forRoot({
    store,
    folder,
    clock,
  });
  const app = await createHttpApplication(
    {
      module: LedgerUnderTest,
      imports: [
        RuntimeModule.forRoot(runtime),
        LedgerHttpModule.forRoot({ imports: [commands, projections] }),
      ],
    },
    { logger: false },
  );
  const stopped = new AbortController();
  let projected = Promise.resolve();
  const project = (): void => {
    const projector = new Projector({ store, folder, clock, observer: quietProjector });
    projected = projector.run(stopped.signal);
  };
  if (projecting) project();
  await app.listen(0, '127.0.0.1');
  runtime.health.enter('running');
  const server: Server = app.getHttpServer();
  const { port } = server.address() as AddressInfo;
  const client = new HttpClient(port);
  return {
    port,
    app,
    server,
    client,
    store,
    runtime,
    lines,
    exits,
    project,
    async stop() {
      await app.close();
      client.close();
      stopped.abort();
      await projected;
      await opened.close();
      await rm(folder, { recursive: true });
    },
  };
};

/** For a test that wants a ledger of its own, which is stopped whatever the test finds. */
export const withLedger = async (
  options: LedgerUnderTestOptions,
  test: (ledger: RunningLedger) => Promise<void>,
): Promise<void> => {
  const ledger = await startLedger(options);
  try {
    await test(ledger);
  } finally {
    await ledger.stop();
  }
};

const exitCodeOf = () => exitCodes.unexpected;

const quietProjector = {
  waiting: () => undefined,
  rebuilding: () => undefined,
  following: () => undefined,
  projected: () => undefined,
  unusable: () => undefined,
  trouble: () => undefined,
};
