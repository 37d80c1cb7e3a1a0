import { decodeCheckpoint } from '#projections/publication-checkpoint.js';
import { publishedViews } from '#projections/published-views.js';
import type { PublishedView } from '#projections/published-views.js';
import { topicNames } from '#kafka/topic-names.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import type { InboundRecord } from '#kafka/records.js';
import { readAll } from '../kafka/topics.js';
import { untilAnswered } from '../kafka/until.js';
import { comparable, foldedRecords, ledgerIn } from '../projections/publishing/expected-views.js';

/** Until the checkpoint that is committed is that of the log's last event. */
export const allIsPublished = async (
  address: string,
  prefix: string,
  log: readonly RecordedEvent[],
  epoch = 1,
): Promise<void> => {
  const { checkpoints } = topicNames(prefix);
  await untilAnswered(`${log.length} events are published`, async () => {
    const last = (await readAll(address, checkpoints)).findLast(({ key }) => String(key) === '0');
    const at = last?.value && decodeCheckpoint(last.value);
    if (!at || at.epoch !== epoch || at.position < log.length || at.republication)
      throw new Error(`the checkpoint is ${String(last?.value)}`);
  });
};

/**
 * Readers of what is committed have each event once, as it is stored, in the order of its authorization; the
 * last record of each key of each view, and the greatest by the reader's rule, is the fold of the log.
 */
export const expectSoundPublication = async (
  address: string,
  prefix: string,
  log: readonly RecordedEvent[],
): Promise<void> => {
  await allIsPublished(address, prefix, log);
  expectEachEventOnce(await readAll(address, topicNames(prefix).events), log);
  await expectViewsOf(address, prefix, log);
};

/** The last record of each key of each view, and the greatest by the reader's rule, is the fold of the log. */
export const expectViewsOf = async (
  address: string,
  prefix: string,
  log: readonly RecordedEvent[],
  epoch = 1,
): Promise<void> => {
  const topics = topicNames(prefix);
  const folded = foldedRecords(log, publishedViews, { shard: 0, epoch });
  for (const view of publishedViews) {
    const records = await readAll(address, topics[view.name]);
    const wanted = folded
      .filter(({ channel }) => channel === view.name)
      .map(({ key, value }): [string, string] => [key, value!]);
    expect(comparable(view, lastOfEach(records))).toEqual(comparable(view, wanted));
    expect(comparable(view, greatestOfEach(view, records))).toEqual(comparable(view, wanted));
  }
};

/** As they are stored, and in the order of their authorizations. */
export const expectEachEventOnce = (
  records: readonly InboundRecord[],
  log: readonly RecordedEvent[],
): void => {
  const published = records.map(({ value, headers }) => ({
    position: Number(headers.get('ce_ledgerposition')?.[0]),
    eventId: String(headers.get('ce_id')?.[0]),
    data: String(value),
  }));
  const streams = Map.groupBy(records, ({ headers }) => String(headers.get('ce_subject')?.[0]));
  for (const [stream, ofStream] of streams) {
    const revisions = ofStream.map(({ headers }) => Number(headers.get('ce_ledgerrevision')?.[0]));
    expect({ stream, revisions }).toEqual({
      stream,
      revisions: revisions.map((_, index) => index),
    });
  }
  expect(published.toSorted((one, other) => one.position - other.position)).toEqual(
    log.map(({ position, eventId, data }) => ({ position, eventId, data })),
  );
};

/** What compaction leaves. */
const lastOfEach = (records: readonly InboundRecord[]): ReadonlyMap<string, string> => {
  const last = new Map<string, string>();
  for (const { key, value } of records) {
    if (value === null) last.delete(String(key));
    else last.set(String(key), String(value));
  }
  return last;
};

/** What a reader has who keeps the reader's rule; it says so where a record is older than one before it. */
const greatestOfEach = (
  view: PublishedView,
  records: readonly InboundRecord[],
): ReadonlyMap<string, string> => {
  const greatest = new Map<string, string>();
  for (const { key, value } of records) {
    if (value === null) {
      greatest.delete(String(key));
      continue;
    }
    const before = greatest.get(String(key));
    const isOlder = before !== undefined && isNewer(before, String(value));
    expect({ view: view.name, key: String(key), isOlder }).toMatchObject({ isOlder: false });
    greatest.set(String(key), String(value));
  }
  return greatest;
};

const isNewer = (one: string, other: string): boolean => {
  const [a, b] = [ledgerIn(one), ledgerIn(other)];
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.revision > b.revision);
};
