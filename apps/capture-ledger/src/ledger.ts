import { CommandGateway } from '#commands/command-gateway.js';
import { Decisions } from '#commands/decisions.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import type { SqliteEventStore } from '#event-store/sqlite-event-store.js';
import { createHttpApplication } from '#http/http-application.js';
import type { AuthorizationReader, Lists } from '#projections/queries.js';
import { AUTHORIZATION_READER, LISTS } from '#projections/tokens.js';
import { readConfiguration } from '#runtime/configuration.js';
import type { Configuration, Environment } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { nestLogger } from '#runtime/nest-logger.js';
import { createRuntime } from '#runtime/runtime.js';
import type { Runtime } from '#runtime/runtime.js';
import { Trouble } from '#runtime/trouble.js';
import { exitCodeOf } from './exit-code.js';
import type { AroundKafka } from '#kafka/kafka.module.js';
import { heldBackStore } from './held-back-store.js';
import { joinKafka } from './join-kafka.js';
import { keepViews } from './keep-views.js';
import { LedgerModule } from './ledger.module.js';
import type { Doing } from './ledger.module.js';
import { watchStore, watchViews } from './watch.js';

export type LedgerOptions = Readonly<{
  /** `process.env`, or what stands for it. */
  environment: Environment;
  /** Something between the ledger and its store, for who wants to see or to disturb it. */
  aroundStore?: (store: EventStore) => EventStore;
  /** The same between the ledger and Kafka. */
  aroundKafka?: AroundKafka;
  /** Whether signals, and errors that nobody caught, are the ledger's: of a process that is nothing else. */
  ownsProcess?: boolean;
}>;

export type RunningLedger = Readonly<{
  /** Where it listens: `http://127.0.0.1:8080`. */
  url: string;
  gateway: CommandGateway;
  reader: AuthorizationReader;
  lists: Lists;
  runtime: Runtime;
  /** Answers what it has, and closes everything in order. */
  stop(): Promise<void>;
}>;

/**
 * The whole ledger in this process: store, views, decisions, HTTP, Kafka, in this order.
 *
 * @throws {ConfigurationError} the environment is wrong.
 * @throws {Trouble} the store cannot be opened, or the address is taken.
 * @throws {StoppedAtStart} a signal came before it had started; all is closed.
 */
export const startLedger = async ({
  environment,
  aroundStore = (store) => store,
  aroundKafka = {},
  ownsProcess = false,
}: LedgerOptions): Promise<RunningLedger> => {
  const configuration = readConfiguration(environment);
  const runtime = createRuntime({ configuration, exitCodeOf });
  const { lifecycle } = runtime;
  if (ownsProcess) lifecycle.guardProcess();
  try {
    return await lifecycle.start(async () => {
      const store = await openStore(runtime);
      lifecycle.mayGoOn();
      return startOn(runtime, { opened: store, store: aroundStore(store), aroundKafka });
    });
  } catch (error) {
    await lifecycle.stop('it could not start');
    throw error;
  }
};

const openStore = async (runtime: Runtime): Promise<SqliteEventStore> => {
  const { configuration, clock, lifecycle } = runtime;
  const folder = configuration.store;
  const store = await openSqliteEventStore({ folder, clock }).catch((cause: unknown) => {
    throw storeTrouble(configuration, cause);
  });
  lifecycle.opened('store', () => store.close());
  return store;
};

const startOn = async (
  runtime: Runtime,
  {
    opened,
    store,
    aroundKafka,
  }: Readonly<{ opened: SqliteEventStore; store: EventStore; aroundKafka: AroundKafka }>,
): Promise<RunningLedger> => {
  const { configuration, lifecycle, health } = runtime;
  const doing: Doing = {
    projector: { now: 'starting', unusable: 0 },
    store: { last: undefined },
    kafka: {
      now: 'starting',
      detail: undefined,
      oldest: undefined,
      elsewhere: undefined,
      unacknowledged: undefined,
      idleSince: runtime.clock.now(),
    },
    publisher: { now: 'starting', detail: undefined, position: undefined, at: 0 },
  };
  watchStore(runtime, opened, doing.store);
  const module = LedgerModule.forRoot(
    runtime,
    { opened, store: heldBackStore(store, () => doing.kafka.elsewhere) },
    doing,
    aroundKafka,
  );
  const app = await createHttpApplication(module, { logger: nestLogger(runtime.log) });
  const lists = app.get<Lists>(LISTS);
  watchViews(runtime, { store: opened, lists, doing: doing.projector });
  const views = keepViews(runtime, opened, doing);
  await views.begun();
  const decisions = app.get(Decisions);
  lifecycle.opened('decisions', () => decisions.close());
  lifecycle.opened('http', () => app.close());

  lifecycle.mayGoOn();
  const { host, port } = configuration.http;
  await app.listen(port, host).catch((cause: unknown) => {
    throw addressTrouble(configuration, cause);
  });
  const { kafka } = configuration;
  if (kafka) await joinKafka(runtime, kafka, { app, views, doing: doing.kafka });
  health.enter('running');
  return {
    url: await app.getUrl(),
    gateway: app.get(CommandGateway),
    reader: app.get<AuthorizationReader>(AUTHORIZATION_READER),
    lists,
    runtime,
    stop: async () => {
      await lifecycle.stop('asked to');
    },
  };
};

const storeTrouble = ({ store, origins }: Configuration, cause: unknown): Trouble =>
  new Trouble({
    what: `Cannot open the store in ${store}`,
    cause,
    setting: { name: 'LEDGER_STORE', origin: origins.LEDGER_STORE },
    cures: [{ command: 'LEDGER_STORE=/a/folder npm start', effect: 'another folder' }],
    exitCode:
      exitCodeOf(cause) === exitCodes.unexpected ? exitCodes.unreachable : exitCodeOf(cause),
  });

const addressTrouble = ({ http, origins }: Configuration, cause: unknown): Trouble =>
  new Trouble({
    what: `Cannot listen on ${http.host}:${http.port}`,
    cause,
    setting: { name: 'LEDGER_HTTP_PORT', origin: origins.LEDGER_HTTP_PORT },
    cures: [{ command: 'LEDGER_HTTP_PORT=0 npm start', effect: 'any free port' }],
    exitCode: exitCodes.unreachable,
  });
