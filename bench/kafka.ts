// Commands over Kafka: taken, decided, durable, answered, committed; against a stock echo and against what a
// team would build with Nest's own transport, on the same broker in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import type { Admin, Message } from 'kafkajs';
import { startBroker } from '../tools/kafka/broker.ts';
import { Child } from './kafka/child.ts';
import { latencyOf } from './kafka/latency.ts';
import type { Latency } from './kafka/latency.ts';
import { commands, fill } from './kafka/workload.ts';
import { medianOf } from './median.ts';
import type { Row } from './row.ts';

const ROUNDS = 5;
const PARTITIONS = 12;
/** A backlog that is worked off, and commands that come at a steady rate. */
const BACKLOG = 'bench-backlog.';
const STEADY = 'bench-steady.';
const NEST_TOPIC = 'bench-nest';
const commandsOf = (prefix: string): string => `${prefix}capture.commands.v1`;
const LEDGER = 'dist/apps/capture-ledger/src/main.js';

/** Commands that are measured, after a fifth as many to begin with. */
const COUNTS = { echo: 150_000, ledger: 40_000, nest: 10_000 } as const;
const LATENCY_RATE = 1_000;
const LATENCY_SECONDS = 10;
const LATENCY_ROUNDS = 3;
const IDLE_SECONDS = 20;

type Way = keyof typeof COUNTS;

/** Starts a way to work on all of its topic, from the beginning. */
type Start = (
  folder: string,
  prefix: string,
) => Readonly<{ child: Child; groupId: string; topic: string }>;

class KafkaBench {
  readonly #address: string;
  readonly #kafka: Kafka;
  readonly #admin: Admin;
  #groups = 0;

  constructor(address: string) {
    this.#address = address;
    this.#kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
    this.#admin = this.#kafka.admin();
  }

  async rows(): Promise<readonly Row[]> {
    await this.#admin.connect();
    await this.#prepare();
    const rates = { echo: [] as number[], ledger: [] as number[], nest: [] as number[] };
    const memory: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const way of ['echo', 'ledger', 'nest'] as const) {
        const { perSecond, peak } = await this.#perSecond(way);
        rates[way].push(perSecond);
        if (way === 'ledger') memory.push(peak);
      }
    }
    const latencies = await this.#latencies();
    const idle = await this.#idleShare();
    await this.#admin.disconnect();
    return [
      ...throughputRows(rates),
      ...latencyRows(latencies),
      ...costRows(idle, medianOf(memory)),
    ];
  }

  async #prepare(): Promise<void> {
    const bounded = [
      { name: 'compression.type', value: 'uncompressed' },
      { name: 'max.message.bytes', value: '1048588' },
    ];
    const large = [{ name: 'max.message.bytes', value: '2097152' }];
    const topics = [
      ...[BACKLOG, STEADY].flatMap((prefix) => [
        { topic: commandsOf(prefix), configEntries: bounded },
        { topic: `${commandsOf(prefix)}.dead-letter`, configEntries: large },
        { topic: `${prefix}capture.answers.v1` },
        // The echo sends all of a fetch as one batch, which may be more than a topic takes by itself.
        {
          topic: `${prefix}echo`,
          configEntries: [{ name: 'max.message.bytes', value: '16777216' }],
        },
      ]),
      { topic: NEST_TOPIC },
      { topic: `${NEST_TOPIC}.reply` },
    ];
    await this.#admin.createTopics({
      waitForLeaders: false,
      topics: topics.map((topic) => ({ ...topic, numPartitions: PARTITIONS })),
    });
    await setTimeout(1_000);
    await fill(this.#kafka, commandsOf(BACKLOG), COUNTS.echo * 1.2, commands('filled'));
    await fill(this.#kafka, NEST_TOPIC, COUNTS.nest * 1.2, commands('nest', `${NEST_TOPIC}.reply`));
  }

  /** Commands a second, from the first fifth's being committed to the last one's. */
  async #perSecond(way: Way): Promise<Readonly<{ perSecond: number; peak: number }>> {
    return this.#during(way, BACKLOG, async ({ child, groupId, topic }) => {
      const first = COUNTS[way] / 5;
      const begun = await this.#committed(child, groupId, topic, first);
      const ended = await this.#committed(child, groupId, topic, first + COUNTS[way]);
      const perSecond = ((ended.records - begun.records) * 1_000) / (ended.at - begun.at);
      return { perSecond, peak: child.peakMemory() };
    });
  }

  /** Waits until so many records are committed; tells how many are, and when that was. */
  async #committed(child: Child, groupId: string, topic: string, wanted: number) {
    for (;;) {
      child.mustRun();
      const asked = this.#admin.fetchOffsets({ groupId, topics: [topic] });
      // A fresh broker makes its topic of offsets when the first group asks for it.
      const [group] = await asked.catch(() => []);
      const offsets = group?.partitions.map(({ offset }) => Math.max(0, Number(offset))) ?? [];
      const records = offsets.reduce((sum, one) => sum + one, 0);
      if (records >= wanted) return { records, at: performance.now() };
      await setTimeout(20);
    }
  }

  async #during<Result>(
    way: Way,
    prefix: string,
    task: (started: ReturnType<Start>) => Promise<Result>,
  ): Promise<Result> {
    const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'ledger-bench-kafka-'));
    const started = this.#ways[way](folder, prefix);
    try {
      return await task(started);
    } finally {
      await started.child.end();
      if (way === 'ledger') await this.#forget(started.groupId);
      rmSync(folder, { recursive: true });
    }
  }

  /** The ledger's group has one name: the next round shall begin at the beginning again. */
  async #forget(groupId: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#admin.deleteGroups([groupId]);
        return;
      } catch (error) {
        if (tries === 100) throw error;
        await setTimeout(200);
      }
    }
  }

  async #latencies(): Promise<Readonly<Record<'echo' | 'ledger', readonly Latency[]>>> {
    const latencies = { echo: [] as Latency[], ledger: [] as Latency[] };
    for (let round = 0; round < LATENCY_ROUNDS; round += 1) {
      for (const way of ['echo', 'ledger'] as const)
        latencies[way].push(await this.#latency(way, round));
    }
    return latencies;
  }

  #latency(way: 'echo' | 'ledger', round: number): Promise<Latency> {
    return this.#during(way, STEADY, async ({ child, groupId, topic }) => {
      await this.#workedOff(child, groupId, topic);
      return latencyOf(this.#kafka, {
        from: topic,
        to: way === 'echo' ? `${STEADY}echo` : `${STEADY}capture.answers.v1`,
        perSecond: LATENCY_RATE,
        seconds: LATENCY_SECONDS,
        messages: commands(`${way}-${round}`),
        idOf: way === 'echo' ? echoedId : answeredId,
      });
    });
  }

  /** What a ledger that has nothing to do takes of a core. */
  #idleShare(): Promise<number> {
    return this.#during('ledger', STEADY, async ({ child, groupId, topic }) => {
      await this.#workedOff(child, groupId, topic);
      await setTimeout(3_000);
      const before = child.cpuSeconds();
      await setTimeout(IDLE_SECONDS * 1_000);
      return (child.cpuSeconds() - before) / IDLE_SECONDS;
    });
  }

  /** What rounds before have left. */
  async #workedOff(child: Child, groupId: string, topic: string): Promise<void> {
    const offsets = await this.#admin.fetchTopicOffsets(topic);
    const end = offsets.reduce((sum, { offset }) => sum + Number(offset), 0);
    await this.#committed(child, groupId, topic, end);
  }

  readonly #ways: Readonly<Record<Way, Start>> = {
    echo: (_folder, prefix) => {
      const groupId = `echo-${(this.#groups += 1)}`;
      const topic = commandsOf(prefix);
      const args = [this.#address, groupId, topic, `${prefix}echo`, String(PARTITIONS)];
      return { child: new Child('bench/kafka/echo.ts', args), groupId, topic };
    },
    nest: (folder) => {
      const groupId = `nest-${(this.#groups += 1)}`;
      const args = [this.#address, groupId, NEST_TOPIC, String(PARTITIONS), folder];
      return {
        child: new Child('bench/kafka/nest-microservice.ts', args),
        groupId,
        topic: NEST_TOPIC,
      };
    },
    ledger: (folder, prefix) => {
      const environment = {
        KAFKA_BROKERS: this.#address,
        LEDGER_KAFKA_TOPIC_PREFIX: prefix,
        LEDGER_KAFKA_SESSION_TIMEOUT_MS: '6000',
        LEDGER_KAFKA_PARTITIONS: String(PARTITIONS),
        LEDGER_STORE: folder,
        LEDGER_HTTP_PORT: '0',
        LEDGER_LOG_LEVEL: 'warn',
      };
      const groupId = `${prefix}capture-commands`;
      return { child: new Child(LEDGER, [], environment), groupId, topic: commandsOf(prefix) };
    },
  };
}

const echoedId = ({ headers }: Readonly<{ headers?: Message['headers'] }>): string =>
  String(headers?.['ce_id']);

const answeredId = ({ value }: Readonly<{ value: Buffer | null }>): string =>
  (JSON.parse(String(value)) as { commandId: string }).commandId;

const throughputRows = (rates: Readonly<Record<Way, readonly number[]>>): readonly Row[] => {
  const against = (other: readonly number[]): number =>
    medianOf(rates.ledger.map((rate, round) => rate / other[round]!));
  const value = medianOf(rates.ledger);
  const row = { name: 'commands over Kafka', value, unit: 'commands/s' };
  const [ofEcho, ofNest] = [against(rates.echo), against(rates.nest)];
  return [
    { ...row, baseline: 'stock kafkajs echo', ratio: ofEcho, target: '>= 0.3', met: ofEcho >= 0.3 },
    { ...row, baseline: 'Nest microservice', ratio: ofNest, target: '>= 3', met: ofNest >= 3 },
  ];
};

const latencyRows = ({
  echo,
  ledger,
}: Readonly<Record<'echo' | 'ledger', readonly Latency[]>>): readonly Row[] => {
  const row = { baseline: 'stock kafkajs echo', unit: 'ms' };
  const name = `command to answer at ${LATENCY_RATE}/s`;
  const ratio = medianOf(ledger.map(({ p99 }, round) => p99 / echo[round]!.p99));
  return [
    {
      ...row,
      name: `${name}, p50`,
      value: medianOf(ledger.map(({ p50 }) => p50)),
      ratio: medianOf(ledger.map(({ p50 }, round) => p50 / echo[round]!.p50)),
      target: 'shown',
      met: true,
    },
    {
      ...row,
      name: `${name}, p99`,
      value: medianOf(ledger.map(({ p99 }) => p99)),
      ratio,
      target: '<= 5',
      met: ratio <= 5,
    },
  ];
};

const costRows = (idle: number, memory: number): readonly Row[] => [
  {
    name: 'idle, one broker',
    baseline: 'a core',
    value: idle * 100,
    unit: '%',
    ratio: undefined,
    target: '<= 2 %',
    met: idle <= 0.02,
  },
  {
    name: 'most memory under load',
    baseline: '',
    value: memory,
    unit: 'MiB',
    ratio: undefined,
    target: 'shown',
    met: true,
  },
];

export const kafkaRows = async (): Promise<readonly Row[]> => {
  const stopping = new AbortController();
  const broker = await startBroker({ port: 0, data: undefined }, stopping.signal);
  try {
    return await new KafkaBench(broker.address).rows();
  } finally {
    stopping.abort();
    await broker.ended;
  }
};
