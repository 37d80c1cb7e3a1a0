/** One node of a cluster, broker and controller in one process, on the loopback interface only. */
export type NodePlan = Readonly<{
  /** From 1. */
  id: number;
  port: number;
  controllerPort: number;
  /** The controllers of all nodes of the cluster, `id@host:port`. */
  voters: readonly string[];
  /** The folder that the node has for itself; made where it is not there. */
  data: string;
  /** Listeners beside the plain one, by their protocol: `{ SASL_SSL: 20123 }`. */
  listeners?: Readonly<Record<string, number>>;
  /** Who may log in by SCRAM: `SCRAM-SHA-256=[name=ada,password=secret]`. */
  scram?: readonly string[];
  /** More settings of the broker, or other values of ours. */
  properties?: Readonly<Record<string, string>>;
}>;

/** Storage is formatted for a cluster; all of ours have one name. */
export const CLUSTER_ID = '4L6g3nShT-eMCtK--X86sw';

/** What a broker is told wherever it runs: few threads and small buffers, and no topic that nobody made. */
export const brokerSettings = (nodes: number): Readonly<Record<string, string>> => {
  const replicas = nodes < 3 ? '1' : '3';
  const inSync = nodes < 3 ? '1' : '2';
  return {
    'process.roles': 'broker,controller',
    'controller.listener.names': 'CONTROLLER',
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': '4',
    'group.initial.rebalance.delay.ms': '0',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'num.replica.fetchers': '1',
    'background.threads': '2',
    'log.cleaner.threads': '1',
    'log.cleaner.dedupe.buffer.size': '33554432',
    'log.segment.bytes': '67108864',
    'log.index.size.max.bytes': '1048576',
    'queued.max.requests': '100',
  };
};
