import { spawn } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classPath, jarsFolder } from './jars.ts';
import type { Java } from './java.ts';
import { brokerSettings, CLUSTER_ID } from './node-plan.ts';
import type { NodePlan } from './node-plan.ts';
import { outputOf } from './output.ts';
import { NodeEnded, readyNode } from './running-node.ts';
import type { RunningNode } from './running-node.ts';

/**
 * Starts a node on this machine's Java from the fetched jars, until `stopping` is aborted. A node that was stopped or killed starts
 * again with what its `data` holds.
 *
 * @throws {NodeEnded} it did not become ready.
 */
export const startJavaNode = async (
  java: Java,
  plan: NodePlan,
  stopping: AbortSignal,
): Promise<RunningNode> => {
  await mkdir(plan.data, { recursive: true });
  const settings = join(plan.data, 'server.properties');
  await writeFile(settings, propertiesOf(plan));
  const { use, make, keep } = classArchive(java);
  const log = `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'log4j2.properties')}`;
  const kafka = [...use, log, '-cp', classPath()];

  if (!existsSync(join(plan.data, 'log', 'meta.properties'))) {
    const small = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const scram = (plan.scram ?? []).flatMap((user) => ['--add-scram', user]);
    const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', settings];
    const formatting = [...small, ...kafka, ...format, ...scram];
    const formatted = await outputOf(java.command, formatting, stopping);
    if (!formatted.ok) throw new NodeEnded(formatted.said);
  }

  const heap = ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC'];
  const child = spawn(java.command, [...heap, ...make, ...kafka, 'kafka.Kafka', settings], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.once('close', keep);
  return readyNode(child, `127.0.0.1:${plan.port}`, stopping);
};

const propertiesOf = ({
  id,
  port,
  controllerPort,
  voters,
  listeners,
  data,
  properties,
}: NodePlan): string => {
  const forClients = Object.entries({ PLAINTEXT: port, ...listeners });
  const all = [...forClients, ['CONTROLLER', controllerPort] as const];
  const protocols = forClients.map(([name]) => `${name}:${name}`);
  const settings = {
    ...brokerSettings(voters.length),
    'node.id': `${id}`,
    'controller.quorum.voters': voters.join(','),
    listeners: all.map(([name, at]) => `${name}://127.0.0.1:${at}`).join(','),
    'advertised.listeners': forClients.map(([name, at]) => `${name}://127.0.0.1:${at}`).join(','),
    'listener.security.protocol.map': [...protocols, 'CONTROLLER:PLAINTEXT'].join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(data, 'log'),
    ...properties,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
};

type ClassArchive = Readonly<{
  /** For the command line of any Java on this class path. */
  use: readonly string[];
  /** For that of a broker: to write one, where there is none. */
  make: readonly string[];
  /** To be called when the broker has ended, with its exit code. */
  keep: (code: number | null) => void;
}>;

/** What Java's exit code is when it ended in peace on a SIGTERM or SIGINT, or of itself. */
const IN_PEACE: ReadonlySet<number | null> = new Set([0, 130, 143]);

/**
 * Java's archive of loaded classes, kept beside the jars: with it a broker is ready in half the time.
 * The first that ends in peace writes it, and gives it its name when it is whole.
 */
const classArchive = ({ version }: Java): ClassArchive => {
  const archive = join(jarsFolder(), `classes-${version}.jsa`);
  if (existsSync(archive)) {
    const use = [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto'];
    return { use, make: [], keep: () => undefined };
  }
  const fresh = `${archive}.${process.pid}-${Date.now()}`;
  const keep = (code: number | null): void => {
    if (IN_PEACE.has(code) && existsSync(fresh)) renameSync(fresh, archive);
    else rmSync(fresh, { force: true });
  };
  return { use: [], make: [`-XX:ArchiveClassesAtExit=${fresh}`], keep };
};
