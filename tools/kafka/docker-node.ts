import { spawn } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { KAFKA_VERSION } from './jars.ts';
import { brokerSettings, CLUSTER_ID } from './node-plan.ts';
import { outputOf } from './output.ts';
import { readyNode } from './running-node.ts';
import type { RunningNode } from './running-node.ts';

const IMAGE = `apache/kafka:${KAFKA_VERSION}`;

/** Milliseconds that an engine has to answer. */
const PATIENCE = 5_000;

/** Whether a Docker engine answers. */
export const dockerAnswers = async (): Promise<boolean> =>
  (await outputOf('docker', ['info'], AbortSignal.timeout(PATIENCE))).ok;

/** Inside of the container: for the host, for itself, and for its controller. */
const LISTENERS = 'PLAINTEXT://:9092,INTERNAL://:19092,CONTROLLER://:29093';

/**
 * Starts one node in a container of the official image, on `port` of 127.0.0.1, until `stopping` is
 * aborted. With `data`, a folder, it keeps its records there; without, they go with the container.
 *
 * @throws {NodeEnded} it did not become ready: the image cannot be had, the port is taken.
 */
export const startDockerNode = async (
  port: number,
  data: string | undefined,
  stopping: AbortSignal,
): Promise<RunningNode> => {
  if (data !== undefined) {
    await mkdir(data, { recursive: true });
    // The image's broker runs as a user of its own, which must be able to write there.
    await chmod(data, 0o777);
  }
  if (!(await outputOf('docker', ['image', 'inspect', IMAGE], stopping)).ok) {
    process.stderr.write(`Docker fetches ${IMAGE}; this is done once.\n`);
  }
  const child = spawn(
    'docker',
    [
      'run',
      '--rm',
      `--publish=127.0.0.1:${port}:9092`,
      ...(data === undefined ? [] : [`--volume=${data}:/var/lib/kafka/data`]),
      ...environmentOf(port).map((variable) => `--env=${variable}`),
      IMAGE,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  // `docker run` passes a signal on to the broker, and ends when that has ended.
  return readyNode(child, `127.0.0.1:${port}`, stopping);
};

/** As soon as one setting is in the environment, the image takes none from anywhere else. */
const environmentOf = (port: number): readonly string[] => [
  `CLUSTER_ID=${CLUSTER_ID}`,
  'KAFKA_HEAP_OPTS=-Xms128m -Xmx512m',
  ...Object.entries({
    ...brokerSettings(1),
    'node.id': '1',
    'controller.quorum.voters': '1@localhost:29093',
    listeners: LISTENERS,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},INTERNAL://localhost:19092`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'INTERNAL',
    'log.dirs': '/var/lib/kafka/data',
  }).map(([name, value]) => `KAFKA_${name.replaceAll('.', '_').toUpperCase()}=${value}`),
];
