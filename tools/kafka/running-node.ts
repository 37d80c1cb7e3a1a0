import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A signal that a node can be sent. */
export type NodeSignal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

/** A node that takes connections. */
export type RunningNode = Readonly<{
  /** `127.0.0.1:port`. */
  address: string;
  signal(name: NodeSignal): void;
  /** Resolves when its process is gone, with the last that it said. */
  ended: Promise<string>;
}>;

/** What a broker says when it takes connections. */
const READY = /Kafka Server started/;

/** Characters of a node's output that are kept, for whoever must find out why it ended. */
const KEPT = 4_000;

type NodeProcess = ChildProcessByStdio<null, Readable, Readable>;

/** A node ended before it was ready. */
export class NodeEnded extends Error {
  override readonly name = 'NodeEnded';
  readonly said: string;

  constructor(said: string) {
    super(`the node ended before it was ready:\n${said}`);
    this.said = said;
  }
}

/**
 * Waits until a node that was just started takes connections; it goes on until `stopping` is aborted.
 *
 * @throws {NodeEnded} with the last that it said.
 */
export const readyNode = async (
  child: NodeProcess,
  address: string,
  stopping: AbortSignal,
): Promise<RunningNode> => {
  let said = '';
  const ready = new Promise<'ready'>((resolve) => {
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-KEPT);
        if (READY.test(said)) resolve('ready');
      });
    }
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => (said += error.message));
    child.once('close', () => resolve(said));
  });
  const signal = (name: NodeSignal): void => void child.kill(name);
  const stop = (): void => signal('SIGTERM');
  if (stopping.aborted) stop();
  else stopping.addEventListener('abort', stop);

  const first = await Promise.race([ready, ended]);
  if (first !== 'ready') throw new NodeEnded(first);
  return { address, signal, ended };
};
