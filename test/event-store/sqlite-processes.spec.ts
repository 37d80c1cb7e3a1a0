import { verifyChain } from '#event-store/chain.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { startAppending } from './appending-child.js';
import type { Acknowledged } from './appending-child.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

/** Each event that was acknowledged is at its place, once. */
const holdsAll = (log: readonly RecordedEvent[], acknowledged: readonly Acknowledged[]): void => {
  const byPlace = new Map(log.map((event) => [`${event.stream}@${event.revision}`, event]));
  for (const { stream, ids, revision, position } of acknowledged) {
    const first = revision - ids.length + 1;
    const found = ids.map((_, index) => byPlace.get(`${stream}@${first + index}`));
    expect(found.map((event) => event?.eventId)).toEqual(ids);
    expect(found.at(-1)?.position).toBe(position);
  }
  expect(new Set(log.map(({ eventId }) => eventId)).size).toBe(log.length);
};

/** Positions and revisions without gap, every chain unbroken from its stream's name on. */
const isSound = (log: readonly RecordedEvent[]): void => {
  expect(log.map(({ position }) => position)).toEqual(log.map((_, index) => index + 1));
  for (const [stream, events] of Map.groupBy(log, ({ stream: name }) => name))
    expect(verifyChain(stream, events).revision).toBe(events.length - 1);
};

const wholeLog = async (store: EventStore) => store.readAll(0, Infinity);

describe('The SQLite event store of several processes', () => {
  let folder: string;
  const open = () => openSqliteEventStore({ folder, clock: systemClock });

  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterAll(removeTemporaryFolders);

  it('takes appends from all of them, to streams of their own and to one that they share', async () => {
    const children = ['one', 'two'].map((name) => startAppending(folder, name, 400));
    for (const { ended } of children) expect(await ended).toBe(0);
    const store = await open();
    const log = await wholeLog(store);
    isSound(log);
    for (const { acknowledged } of children) {
      expect(acknowledged.length).toBeGreaterThanOrEqual(400);
      holdsAll(log, acknowledged);
      // They did meet: the shared stream has appends of each.
      expect(acknowledged.some(({ stream }) => stream.endsWith('/shared'))).toBe(true);
    }
    await store.close();
  }, 60_000);

  it('tells a subscription in one what another has appended', async () => {
    const store = await open();
    const child = startAppending(folder, 'other', 100);
    const enough = new AbortController();
    const heard: RecordedEvent[] = [];
    let head = Infinity;
    const endWhenAllIsHeard = () => heard.length >= head && enough.abort();
    const all = (async () => {
      await child.ended;
      head = await store.head();
      endWhenAllIsHeard();
    })();
    for await (const page of store.subscribe(0, enough.signal)) {
      heard.push(...page);
      endWhenAllIsHeard();
    }
    await all;
    expect(heard.length).toBeGreaterThanOrEqual(100);
    expect(heard).toEqual(await wholeLog(store));
    holdsAll(heard, child.acknowledged);
    await store.close();
  }, 60_000);

  it('loses no acknowledged event, and tears none, when its process is killed', async () => {
    const acknowledged: Acknowledged[] = [];
    for (const life of ['first', 'second', 'third', 'fourth']) {
      const child = startAppending(folder, life, 100_000);
      await child.until(150);
      child.kill();
      expect(await child.ended).toBe(null);
      acknowledged.push(...child.acknowledged);
      const store = await open();
      const log = await wholeLog(store);
      isSound(log);
      holdsAll(log, acknowledged);
      await store.close();
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(600);
  }, 120_000);
});
