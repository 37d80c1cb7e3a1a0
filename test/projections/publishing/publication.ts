import { expect } from '@jest/globals';
import type { PublicationCheckpoint } from '#projections/publication-checkpoint.js';
import { publishedViews } from '#projections/published-views.js';
import type { PublishedView } from '#projections/published-views.js';
import { Publisher } from '#projections/publisher.js';
import type {
  PublishedBatch,
  PublisherObserver,
  RepublishingProgress,
} from '#projections/publisher-observer.js';
import { comparable, foldedRecords, ledgerIn } from './expected-views.js';
import type { GrowingLog } from './growing-log.js';
import { KeptSink } from './kept-topics.js';
import type { Fault, KeptTopics } from './kept-topics.js';
import { QuickClock } from './quick-clock.js';

/** What a publisher said. */
export class Told implements PublisherObserver {
  readonly from: number[] = [];
  readonly batches: PublishedBatch[] = [];
  readonly progress: RepublishingProgress[] = [];
  readonly troubles: string[] = [];
  readonly halts: string[] = [];
  timesFenced = 0;

  publishing = (position: number) => void this.from.push(position);
  published = (batch: PublishedBatch) => void this.batches.push(batch);
  republishing = (progress: RepublishingProgress) => void this.progress.push(progress);
  fenced = () => void (this.timesFenced += 1);
  trouble = ({ message }: Error) => void this.troubles.push(message);
  halted = (why: string) => void this.halts.push(why);
}

/** After so many turns it is stuck. */
const TURNS_MAX = 20_000;

/** A process that publishes, until it is stopped or killed. */
export class PublishingProcess {
  readonly told = new Told();
  readonly #stopping = new AbortController();
  readonly #sink: KeptSink;
  readonly #log: GrowingLog;
  readonly #topics: KeptTopics;
  readonly #published: readonly PublishedView[];
  readonly running: Promise<string | undefined>;
  /** Of its running, once it has ended. */
  ended = false;

  constructor(
    log: GrowingLog,
    topics: KeptTopics,
    {
      faults = [],
      published = publishedViews,
    }: { faults?: (Fault | undefined)[]; published?: readonly PublishedView[] } = {},
  ) {
    this.#log = log;
    this.#topics = topics;
    this.#published = published;
    this.#sink = new KeptSink(topics, faults);
    const publisher = new Publisher({
      store: log.store,
      views: log.views,
      sink: this.#sink,
      clock: new QuickClock(),
      observer: this.told,
      published,
    });
    this.running = publisher.run(this.#stopping.signal).finally(() => (this.ended = true));
  }

  /** It hears and says nothing any more. */
  get dead(): boolean {
    return this.#sink.killed || this.ended;
  }

  kill(): void {
    this.#sink.kill();
    this.#stopping.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    if (!this.#sink.killed) await this.running;
  }

  /** As long as so many turns, or until it is dead. */
  async turns(turns: number): Promise<void> {
    for (let turn = 0; turn < turns && !this.dead; turn += 1) await aTurn();
  }

  /** Until what is published is so. */
  async reached(holds: (at: PublicationCheckpoint | undefined) => boolean): Promise<void> {
    for (let turn = 0; !holds(this.#topics.at); turn += 1) {
      if (this.dead || turn === TURNS_MAX) throw this.#stuck();
      await aTurn();
    }
  }

  /** Until it is dead, or has published all that the views show. */
  async caughtUp(): Promise<void> {
    for (let turn = 0; !this.dead; turn += 1) {
      const { at } = this.#topics;
      if (at?.position === this.#log.shown && this.#isWhole(at)) break;
      if (turn === TURNS_MAX) throw this.#stuck();
      await aTurn();
    }
  }

  #stuck(): Error {
    const { troubles, halts } = this.told;
    return new Error(`stuck: ${JSON.stringify({ at: this.#topics.at, troubles, halts })}`);
  }

  /** Of this store, and all of its views are published in the versions of this process. */
  #isWhole({ epoch, views, republication }: PublicationCheckpoint): boolean {
    return (
      epoch === this.#log.identity.epoch &&
      republication === undefined &&
      this.#published.every(({ name, version }) => views[name] === version)
    );
  }
}

const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Publishes all that there is, in a process of its own. */
export const publishAll = async (
  log: GrowingLog,
  topics: KeptTopics,
  published: readonly PublishedView[] = publishedViews,
): Promise<Told> => {
  const publishing = new PublishingProcess(log, topics, { published });
  await publishing.caughtUp();
  await publishing.stop();
  expect(publishing.told.halts).toEqual([]);
  return publishing.told;
};

/**
 * The words with which a publisher halts, and has published nothing; whoever goes on from the checkpoint
 * that there is was not fenced.
 */
export const haltOf = async (log: GrowingLog, topics: KeptTopics): Promise<string | undefined> => {
  const before = topics.records.length;
  const { publisher } = topics;
  const publishing = new PublishingProcess(log, topics);
  await publishing.turns(1_000);
  await publishing.stop();
  expect(publishing.told.halts).toHaveLength(1);
  expect(topics.records).toHaveLength(before);
  if (topics.checkpoint !== null) expect(topics.publisher).toBe(publisher);
  return publishing.running;
};

/** Every event is there once, in order, as it was stored. */
export const expectEachEventOnce = (topics: KeptTopics, log: GrowingLog, after = 0): void => {
  const published = topics.of('events').map(({ value, headers }) => ({
    id: headers['ce_id'],
    position: headers['ce_ledgerposition'],
    value,
  }));
  expect(published).toEqual(
    log.events.slice(after).map(({ eventId, position, data }) => ({
      id: eventId,
      position: `${position}`,
      value: data,
    })),
  );
};

/** What compaction leaves is the fold of the log. */
export const expectTheFold = (
  topics: KeptTopics,
  log: GrowingLog,
  published: readonly PublishedView[] = publishedViews,
): void => {
  const folded = foldedRecords(log.events, published, log.identity);
  for (const view of published) {
    const values = folded
      .filter(({ channel }) => channel === view.name)
      .map(({ key, value }): [string, string] => [key, value!]);
    expect(comparable(view, topics.compacted(view.name))).toEqual(comparable(view, values));
  }
};

/** By the reader's rule, no record of a view is older than the one before it under its key. */
export const expectNoViewSetBack = (topics: KeptTopics): void => {
  const newest = new Map<string, readonly number[]>();
  for (const { channel, key, value } of topics.records) {
    if (channel === 'events' || value === null) continue;
    const { epoch, viewVersion, revision } = ledgerIn(value);
    const now = [epoch, viewVersion, revision];
    const before = newest.get(`${channel} ${key}`) ?? [0, 0, 0];
    if (isLess(now, before)) expect({ channel, key, now }).toEqual({ channel, key, now: before });
    newest.set(`${channel} ${key}`, now);
  }
};

const isLess = (one: readonly number[], other: readonly number[]): boolean => {
  const index = one.findIndex((part, place) => part !== other[place]);
  return index >= 0 && one[index]! < other[index]!;
};
