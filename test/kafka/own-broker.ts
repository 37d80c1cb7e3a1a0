import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodePlan } from '../../tools/kafka/node-plan.js';
import { freePorts } from '../../tools/kafka/ports.js';
import type { FromNode, ToNode } from './node-process.js';

/** More settings of the broker than ours, or other values: `'log.retention.ms': '1000'`. */
type Properties = Readonly<Record<string, string>>;

/** Ways to the broker beside the plain one, and who may take them. */
export type Ways = Readonly<{
  /** Protocols: `SASL_SSL`. */
  listeners: readonly string[];
  /** `SCRAM-SHA-256=[name=ada,password=secret]`. */
  scram?: readonly string[];
}>;

/** A node that was killed is missed after 1.5 s, not 9: until then it is not let in again. */
const QUICK: Properties = {
  'broker.session.timeout.ms': '1500',
  'broker.heartbeat.interval.ms': '250',
  'controller.quorum.fetch.timeout.ms': '1000',
};

/** A broker of the suite's own, which it may stop, kill and hold as it likes. */
export class OwnBroker {
  /** `127.0.0.1:port`, the same after each start. */
  readonly address: string;
  readonly id: number;
  readonly #listeners: Readonly<Record<string, number>>;
  readonly #process: ChildProcess;

  constructor(plan: NodePlan) {
    this.id = plan.id;
    this.address = `127.0.0.1:${plan.port}`;
    this.#listeners = plan.listeners ?? {};
    this.#process = fork('test/kafka/node-process.ts', [JSON.stringify(plan)], { execArgv: [] });
    own.push(this);
  }

  /** Where another of its listeners is. */
  addressOf(listener: string): string {
    return `127.0.0.1:${this.#listeners[listener]}`;
  }

  /** Starts it, again with its records on its port; resolves when it takes connections. */
  start(): Promise<void> {
    return this.#ask('start', 'ready');
  }

  /** Stops it in order: it gives its leaderships away and closes its logs. */
  stop(): Promise<void> {
    return this.#ask('SIGTERM', 'ended');
  }

  /** Ends it as a crash does. */
  kill(): Promise<void> {
    return this.#ask('SIGKILL', 'ended');
  }

  /** Holds it: connections stay open and nobody answers. */
  freeze(): Promise<void> {
    return this.#ask('SIGSTOP', 'signalled');
  }

  /** Lets it go on. */
  thaw(): Promise<void> {
    return this.#ask('SIGCONT', 'signalled');
  }

  /** Ends it for good, with its records. */
  async remove(): Promise<void> {
    if (!this.#process.connected) return;
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }

  async #ask(what: ToNode, answer: FromNode['is']): Promise<void> {
    this.#process.send(what);
    const gone = once(this.#process, 'exit').then((): [FromNode] => [
      { is: 'broken', why: 'its process is gone' },
    ]);
    const [said] = (await Promise.race([once(this.#process, 'message'), gone])) as [FromNode];
    if (said.is === 'broken') throw new Error(said.why);
    if (said.is !== answer) throw new Error(`asked ${what}, the broker has ${said.is}`);
  }
}

const own: OwnBroker[] = [];

/** A broker for this suite alone, started. */
export const ownBroker = async (
  properties: Properties = {},
  { listeners, scram }: Ways = { listeners: [] },
): Promise<OwnBroker> => {
  const [port, controllerPort, ...others] = (await freePorts(2 + listeners.length)) as [
    number,
    number,
    ...number[],
  ];
  const broker = new OwnBroker({
    id: 1,
    port,
    controllerPort,
    voters: [`1@127.0.0.1:${controllerPort}`],
    listeners: Object.fromEntries(listeners.map((name, index) => [name, others[index]!])),
    ...(scram && { scram }),
    data: freshFolder(),
    properties: { ...QUICK, ...properties },
  });
  await broker.start();
  return broker;
};

const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'capture-ledger-kafka-'));

/** A cluster of `nodes` brokers for this suite alone, started. Three keep every record three times. */
export const ownCluster = async (
  nodes: number,
  properties: Properties = {},
): Promise<readonly OwnBroker[]> => {
  const ports = await freePorts(nodes * 2);
  const ids = Array.from({ length: nodes }, (_, index) => index + 1);
  const controllerPort = (id: number): number => ports[nodes + id - 1]!;
  const voters = ids.map((id) => `${id}@127.0.0.1:${controllerPort(id)}`);
  const brokers = ids.map(
    (id) =>
      new OwnBroker({
        id,
        port: ports[id - 1]!,
        controllerPort: controllerPort(id),
        voters,
        data: freshFolder(),
        properties: { ...QUICK, ...properties },
      }),
  );
  await Promise.all(brokers.map((broker) => broker.start()));
  return brokers;
};

/** Ends all brokers of this suite, with their records. */
export const endOwnBrokers = async (): Promise<void> => {
  await Promise.all(own.splice(0).map((broker) => broker.remove()));
};
