import type { Admin, FetchOffsetsPartition } from 'kafkajs';
import type { CommandSource } from '#kafka/command-source.js';
import type { StoreMark } from '#kafka/store-mark.js';
import { Heard } from '../kafka/heard.js';
import { endOwnBrokers } from '../kafka/own-broker.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { asOperator, createTopics, uniquePrefix } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import type { Worker } from '../kafka/worker.js';

/** Of the sources under test, in milliseconds: the least that brokers take. */
export const SESSION_TIMEOUT = 6_000;

/** Opens a source with {@link SESSION_TIMEOUT}; the suite stops it. */
export type OpenCommandSource = (
  of: Readonly<{ address: string; topic: string; group: string; store: StoreMark }>,
  heard: Heard,
) => CommandSource;

/** The sources of a test, which are members of one group, and what they share. */
export class Members {
  readonly #open: OpenCommandSource;
  readonly #sources: CommandSource[] = [];
  readonly #holds: (() => void)[] = [];
  address = '';
  topic = 'commands';
  group = 'capture-commands';
  /** Of those that are started next. */
  store: StoreMark = { id: 'one', epoch: 1 };
  /** What the first of them told. */
  readonly heard = new Heard();

  constructor(open: OpenCommandSource) {
    this.#open = open;
  }

  /** On the broker that all suites share, with a topic of their own. */
  async onSharedBroker(): Promise<void> {
    const prefix = uniquePrefix();
    this.address = await sharedBroker();
    this.topic = `${prefix}commands`;
    this.group = `${prefix}capture-commands`;
    await createTopics(this.address, [this.topic]);
  }

  async start(worker: Worker, its = this.heard, at = this.address): Promise<CommandSource> {
    const { topic, group, store } = this;
    const source = this.#open({ address: at, topic, group, store }, its);
    this.#sources.push(source);
    await source.start(worker.work);
    return source;
  }

  /** What a worker waits for; let go at the end of the test at the latest. */
  hold(): PromiseWithResolvers<void> {
    const held = Promise.withResolvers<void>();
    this.#holds.push(held.resolve);
    return held;
  }

  /** The offsets that the group has committed, all partitions together. */
  async committed(): Promise<bigint> {
    const offsets = (await this.#partitions()).map(({ offset }) => BigInt(offset));
    return offsets.reduce((sum, offset) => (offset > 0n ? sum + offset : sum), 0n);
  }

  /** What the partitions were committed with, by number; null where that was nothing, or they were not. */
  async marks(): Promise<readonly (string | null)[]> {
    const partitions = (await this.#partitions()).toSorted((a, b) => a.partition - b.partition);
    return partitions.map(({ metadata }) => metadata || null);
  }

  async #partitions(): Promise<readonly FetchOffsetsPartition[]> {
    return this.admin(async (admin) => {
      const [of] = await admin.fetchOffsets({ groupId: this.group, topics: [this.topic] });
      return of!.partitions;
    });
  }

  /** Does what an operator would do on the cluster. */
  admin<Result>(task: (admin: Admin) => Promise<Result>): Promise<Result> {
    return asOperator(this.address, task);
  }

  consuming(its = this.heard): Promise<void> {
    return until('it is consuming', () => its.state === 'consuming');
  }

  /** To be called after each test. @throws what was fatal to a source, which a test has not taken. */
  async end(): Promise<void> {
    for (const letGo of this.#holds) letGo();
    await Promise.all(this.#sources.map((source) => source.stop()));
    await endOwnBrokers();
    const [fault] = this.heard.fatal;
    if (fault) throw fault;
  }
}

export const messages = (from: number, to: number, keys = 7) =>
  Array.from({ length: to - from }, (_, index) => ({
    key: `auth_${index % keys}`,
    value: `${from + index}`,
  }));

/** The values of such messages, as sorting them has it. */
export const values = (from: number, to: number): string[] =>
  messages(from, to)
    .map(({ value }) => value)
    .toSorted();

export const handed = (worker: Worker, count: number): Promise<void> =>
  until(`${count} records were handed over`, () => worker.handed.length >= count);

export const done = (worker: Worker, count: number): Promise<void> =>
  until(`${count} records are worked off`, () => worker.done.length >= count);
