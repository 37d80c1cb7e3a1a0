// Commands over Kafka: taken, decided, durable, answered, committed, and what comes of them published; against
// a stock echo, against what a team would build with Nest's own transport, and against our own libs/kafka that
// moves the same records, on the same broker in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import type { Admin, Message } from 'kafkajs';
import { ledgerTopics } from '#kafka/ledger-topics.js';
import { TopicAdmin } from '#kafka/topic-admin.js';
import { topicNames } from '#kafka/topic-names.js';
import { systemClock } from '#runtime/system-clock.js';
import { startBroker } from '../tools/kafka/broker.ts';
import { Child } from './kafka/child.ts';
import { latencyOf } from './kafka/latency.ts';
import type { Latency } from './kafka/latency.ts';
import { costRows, latencyRows, throughputRows } from './kafka/rows.ts';
import { commands, fill } from './kafka/workload.ts';
import { medianOf } from './median.ts';
import type { Row } from './row.ts';

const ROUNDS = 5;
const PARTITIONS = 12;
/** A backlog that is worked off, and commands that come at a steady rate. */
const BACKLOG = 'bench-backlog.';
const STEADY = 'bench-steady.';
const NEST_TOPIC = 'bench-nest';
const commandsOf = (prefix: string): string => topicNames(prefix).commands;
const LEDGER = 'dist/apps/capture-ledger/src/main.js';

/** Commands that are measured, after a fifth as many to begin with. */
const COUNTS = {
  echo: 150_000,
  ledger: 40_000,
  nest: 10_000,
  chain: 40_000,
  mover: 60_000,
} as const;
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
    const rates: Record<Way, number[]> = {
      echo: [],
      ledger: [],
      nest: [],
      chain: [],
      mover: [],
    };
    const memory: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const way of ['echo', 'ledger', 'nest', 'chain', 'mover'] as const) {
        const { answered, published, peak } = await this.#perSecond(way);
        rates[way].push(published ?? answered);
        if (way === 'chain') memory.push(peak);
      }
    }
    const { echo, ledger, views } = await this.#latencies();
    const idle = await this.#idleShare();
    await this.#admin.disconnect();
    const at = `at ${LATENCY_RATE}/s`;
    return [
      ...throughputRows(rates),
      ...latencyRows(`command to answer ${at}`, ledger, echo),
      ...latencyRows(`command to view on its topic ${at}`, views, undefined),
      ...costRows(idle, medianOf(memory)),
    ];
  }

  async #prepare(): Promise<void> {
    // The echo sends all of a fetch as one batch, which may be more than a topic takes by itself.
    const configEntries = [{ name: 'max.message.bytes', value: '16777216' }];
    const topics = [
      ...[BACKLOG, STEADY].map((prefix) => ({ topic: `${prefix}echo`, configEntries })),
      { topic: NEST_TOPIC },
      { topic: `${NEST_TOPIC}.reply` },
    ];
    await this.#admin.createTopics({
      waitForLeaders: false,
      topics: topics.map((topic) => ({ ...topic, numPartitions: PARTITIONS })),
    });
    for (const prefix of [BACKLOG, STEADY]) await this.#createTopics(prefix);
    await setTimeout(1_000);
    await fill(this.#kafka, commandsOf(BACKLOG), COUNTS.echo * 1.2, commands('filled'));
    await fill(this.#kafka, NEST_TOPIC, COUNTS.nest * 1.2, commands('nest', `${NEST_TOPIC}.reply`));
  }

  /** Those of a ledger, with its settings, where they are missing. */
  async #createTopics(prefix: string): Promise<void> {
    const connection = { brokers: [this.#address], clientId: 'bench' };
    const admin = new TopicAdmin({ connection, clock: systemClock, log: () => undefined });
    await admin.create(ledgerTopics(topicNames(prefix), PARTITIONS));
  }

  /** Each round has a store of its own: what was published of another one must not be gone on from. */
  async #forgetPublication(prefix: string): Promise<void> {
    const { commands: _, deadLetters: __, answers: ___, ...published } = topicNames(prefix);
    await this.#admin.deleteTopics({ topics: Object.values(published) });
    await setTimeout(1_000);
    await this.#createTopics(prefix);
    await setTimeout(1_000);
  }

  /**
   * Commands a second, from the first fifth's being committed to the last one's; and, where something is
   * published of them, until all of it is.
   */
  async #perSecond(
    way: Way,
  ): Promise<Readonly<{ answered: number; published: number | undefined; peak: number }>> {
    return this.#during(way, BACKLOG, async ({ child, groupId, topic }) => {
      const first = COUNTS[way] / 5;
      const begun = await this.#committed(child, groupId, topic, first);
      const before = await child.published();
      const ended = await this.#committed(child, groupId, topic, first + COUNTS[way]);
      const rate = (records: number, until: number) => (records * 1_000) / (until - begun.at);
      const answered = rate(ended.records - begun.records, ended.at);
      if (before === undefined) return { answered, published: undefined, peak: child.peakMemory() };
      const wanted = first + COUNTS[way];
      let now = await child.published();
      for (; now! < wanted; now = await child.published()) {
        child.mustRun();
        await setTimeout(20);
      }
      const published = rate(now! - before, performance.now());
      return { answered, published, peak: child.peakMemory() };
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
    if (way === 'ledger' || way === 'chain' || way === 'mover')
      await this.#forgetPublication(prefix);
    const holder = way === 'ledger' ? [this.#leaseHolder(prefix)] : [];
    const started = this.#ways[way](folder, prefix);
    try {
      return await task(started);
    } finally {
      await started.child.end();
      for (const child of holder) await child.end();
      if (way === 'ledger' || way === 'chain') await this.#forget(started.groupId);
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

  async #latencies(): Promise<Readonly<Record<keyof typeof heard, readonly Latency[]>>> {
    const latencies = { echo: [] as Latency[], ledger: [] as Latency[], views: [] as Latency[] };
    for (let round = 0; round < LATENCY_ROUNDS; round += 1) {
      for (const what of ['echo', 'ledger', 'views'] as const)
        latencies[what].push(await this.#latency(what, round));
    }
    return latencies;
  }

  #latency(what: keyof typeof heard, round: number): Promise<Latency> {
    const way = what === 'echo' ? 'echo' : 'chain';
    return this.#during(way, STEADY, async ({ child, groupId, topic }) => {
      await this.#workedOff(child, groupId, topic);
      return latencyOf(this.#kafka, {
        from: topic,
        to: `${STEADY}${heard[what].topic}`,
        perSecond: LATENCY_RATE,
        seconds: LATENCY_SECONDS,
        messages: commands(`${what}-${round}`),
        idsOf: heard[what].idsOf,
      });
    });
  }

  /** What a ledger that has nothing to do takes of a core. */
  #idleShare(): Promise<number> {
    return this.#during('chain', STEADY, async ({ child, groupId, topic }) => {
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
    // An instance that does not publish: another one has the lease.
    ledger: (folder, prefix) => this.#ledger(folder, prefix),
    chain: (folder, prefix) => this.#ledger(folder, prefix, ledgerPublished),
    mover: (_folder, prefix) => {
      const groupId = `mover-${(this.#groups += 1)}`;
      const args = [this.#address, groupId, prefix];
      const child = new Child('bench/kafka/mover.ts', args, {}, moverPublished);
      return { child, groupId, topic: commandsOf(prefix) };
    },
  };

  #leaseHolder(prefix: string): Child {
    return new Child('bench/kafka/lease-holder.ts', [this.#address, prefix]);
  }

  #ledger(
    folder: string,
    prefix: string,
    published?: (said: string) => Promise<number>,
  ): ReturnType<Start> {
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
    const child = new Child(LEDGER, [], environment, published);
    return { child, groupId, topic: commandsOf(prefix) };
  }
}

/** What a ledger says of how far it has published, or the mover. */
const ledgerPublished = async (said: string): Promise<number> => {
  const [url] = /http:\/\/\S+/.exec(said)!;
  const metrics = await (await fetch(new URL('/metrics', url))).text();
  return Number(/^ledger_publication_position (\d+)/m.exec(metrics)?.[1] ?? 0);
};

const moverPublished = async (said: string): Promise<number> =>
  Number(/published (\d+)\n$/.exec(said)?.[1] ?? 0);

/** The ids of commands that were waiting for a record. */
const echoedId = ({ headers }: Readonly<{ headers?: Message['headers'] }>): readonly string[] => [
  String(headers?.['ce_id']),
];

const answeredId = ({ value }: Readonly<{ value: Buffer | null }>): readonly string[] => [
  (JSON.parse(String(value)) as { commandId: string }).commandId,
];

/** A view shows all commands up to its revision: each command of the workload is one event. */
const shownIds = ({ value }: Readonly<{ value: Buffer | null }>): readonly string[] => {
  const { authorizationId, ledger } = JSON.parse(String(value)) as {
    authorizationId: string;
    ledger: { revision: number };
  };
  const sale = authorizationId.slice('auth_'.length);
  return Array.from({ length: ledger.revision + 1 }, (_, index) => `cmd-${sale}-${index}`);
};

/** Where what is heard at a steady rate comes, and the ids of the commands that waited for it. */
const heard = {
  echo: { topic: 'echo', idsOf: echoedId },
  ledger: { topic: 'capture.answers.v1', idsOf: answeredId },
  views: { topic: 'capture.views.final-capture.v1', idsOf: shownIds },
} as const;

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
