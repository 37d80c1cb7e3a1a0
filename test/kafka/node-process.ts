// One node of a suite's own brokers, run by a process that lives no longer than the suite's process: when
// that is gone, however it ended, the node is killed and its records are removed. Started by own-broker.ts.
import { rmSync } from 'node:fs';
import { fetchJars, jarsAreThere } from '../../tools/kafka/jars.ts';
import { installedJava } from '../../tools/kafka/java.ts';
import { startJavaNode } from '../../tools/kafka/java-node.ts';
import type { NodePlan } from '../../tools/kafka/node-plan.ts';
import type { NodeSignal, RunningNode } from '../../tools/kafka/running-node.ts';

/** What it is asked for, and what it says. */
export type ToNode = 'start' | NodeSignal;
export type FromNode =
  Readonly<{ is: 'ready' | 'signalled' | 'ended' }> | Readonly<{ is: 'broken'; why: string }>;

const plan = JSON.parse(process.argv[2]!) as NodePlan;
const stopping = new AbortController();
let node: RunningNode | undefined;

const tell = (message: FromNode): void => void process.send?.(message);

const start = async (): Promise<void> => {
  const java = await installedJava();
  if (!java) throw new Error('there is no Java 17');
  if (!jarsAreThere()) await fetchJars(stopping.signal);
  const started = await startJavaNode(java, plan, stopping.signal);
  node = started;
  tell({ is: 'ready' });
  await started.ended;
  node = undefined;
  tell({ is: 'ended' });
};

process.on('message', (asked: ToNode) => {
  if (asked === 'start') {
    start().catch((error: unknown) => tell({ is: 'broken', why: String(error) }));
    return;
  }
  node?.signal(asked);
  if (asked === 'SIGSTOP' || asked === 'SIGCONT') tell({ is: 'signalled' });
});

process.once('disconnect', () => {
  stopping.abort();
  node?.signal('SIGKILL');
  void (node?.ended ?? Promise.resolve()).then(() => {
    rmSync(plan.data, { recursive: true, force: true });
    process.exit();
  });
});
