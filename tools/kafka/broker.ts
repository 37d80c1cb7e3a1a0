import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dockerAnswers, startDockerNode } from './docker-node.ts';
import { fetchJars, jarsAreThere, KAFKA_VERSION } from './jars.ts';
import { installedJava } from './java.ts';
import type { Java } from './java.ts';
import { startJavaNode } from './java-node.ts';
import { outputOf } from './output.ts';
import { freePorts, isFree } from './ports.ts';
import { NodeEnded } from './running-node.ts';
import { KafkaTrouble } from './trouble.ts';

/** What a broker could be started with here. */
export type Means = Readonly<{ kind: 'docker' }> | Readonly<{ kind: 'java'; java: Java }>;

/** Java with the jars, or with Maven to fetch them; undefined without. */
export const javaMeans = async (): Promise<Means | undefined> => {
  const java = await installedJava();
  if (!java) return undefined;
  const usable = jarsAreThere() || (await outputOf('mvn', ['--version'])).ok;
  return usable ? { kind: 'java', java } : undefined;
};

/** A Docker engine that answers; undefined without. */
export const dockerMeans = async (): Promise<Means | undefined> =>
  (await dockerAnswers()) ? { kind: 'docker' } : undefined;

export type Broker = Readonly<{
  /** `127.0.0.1:port`. */
  address: string;
  /** What it runs on: `Docker`, `Java 17.0.15`. */
  runsOn: string;
  /** Resolves when it is gone, whoever ended it, with the last that it said; its throw-away folder is gone too. */
  ended: Promise<string>;
}>;

type Wanted = Readonly<{
  /** 0: any free one. */
  port: number;
  /** Where its records are kept; undefined: nowhere, they go when it stops. */
  data: string | undefined;
}>;

/**
 * Starts one broker, which goes on until `stopping` is aborted.
 *
 * @throws {KafkaTrouble} there is nothing to start it with, its port is taken, it did not become ready.
 */
export const startBroker = async (wanted: Wanted, stopping: AbortSignal): Promise<Broker> => {
  const means = (await dockerMeans()) ?? (await javaMeans());
  if (!means) {
    throw new KafkaTrouble(
      'Cannot start Kafka',
      'no Docker engine answers, and there is no Java 17 with Maven',
      ['start Docker, or install both: apt-get install openjdk-17-jdk-headless maven'],
    );
  }
  if (means.kind === 'java' && !jarsAreThere()) await fetchJars(stopping);
  const port = wanted.port === 0 ? (await freePorts(1))[0]! : wanted.port;
  if (!(await isFree(port))) {
    throw new KafkaTrouble(
      `Kafka cannot listen on 127.0.0.1:${port}`,
      'the port is taken by another program',
      ['npm run kafka -- --port 0   any free port'],
    );
  }
  return means.kind === 'docker'
    ? inDocker(port, wanted, stopping)
    : onJava(means.java, port, wanted, stopping);
};

const inDocker = async (port: number, { data }: Wanted, stopping: AbortSignal): Promise<Broker> => {
  const folder = data === undefined ? undefined : resolve(data);
  const node = await startDockerNode(port, folder, stopping).catch(notReady);
  return { address: node.address, runsOn: 'Docker', ended: node.ended };
};

const onJava = async (
  java: Java,
  port: number,
  { data }: Wanted,
  stopping: AbortSignal,
): Promise<Broker> => {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'capture-ledger-kafka-')));
  const remove = async (): Promise<void> => {
    if (data === undefined) await rm(folder, { recursive: true, force: true });
  };
  const [controllerPort] = (await freePorts(1)) as [number];
  const voters = [`1@127.0.0.1:${controllerPort}`];
  try {
    const plan = { id: 1, port, controllerPort, voters, data: resolve(folder) };
    const node = await startJavaNode(java, plan, stopping);
    const ended = node.ended.then(async (said) => {
      await remove();
      return said;
    });
    return { address: node.address, runsOn: `Java ${java.version}`, ended };
  } catch (error) {
    await remove();
    return notReady(error);
  }
};

const notReady = (error: unknown): never => {
  if (!(error instanceof NodeEnded)) throw error;
  throw brokerEnded(`Kafka ${KAFKA_VERSION} has ended before it was ready`, error.said);
};

/** Trouble of a broker that ended although nobody stopped it. @param said the last that it said. */
export const brokerEnded = (what: string, said: string): KafkaTrouble =>
  new KafkaTrouble(what, 'this is the last that it said', said.trimEnd().split('\n').slice(-20));
