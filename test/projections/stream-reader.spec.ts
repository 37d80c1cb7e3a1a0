import { DatabaseSync } from 'node:sqlite';
import { hashOfStreamName } from '#event-store/chain.js';
import { UnknownEvent } from '#event-store/event-codec.js';
import { StreamUnusable } from '#event-store/event-store.js';
import type { EventStore, NewEvent } from '#event-store/event-store.js';
import { streamOf } from '#capture/stream-name.js';
import { authorizationOf } from '#projections/authorization-view.js';
import { ViewsUnavailable } from '#projections/queries.js';
import { StreamReader } from '#projections/stream-reader.js';
import { systemClock } from '#runtime/system-clock.js';
import { create, register } from '../capture/commands.js';
import {
  at,
  authorization,
  captured,
  declined,
  multiple,
  refundRequested,
  requested,
  voided,
} from '../capture/fixtures.js';
import { openLedger, project } from './fixtures.js';
import { key } from './history-writer.js';

/** As no release of this ledger has written it. */
const strange = (event: Partial<NewEvent>): NewEvent => ({
  eventId: '8d7f1b1e-5c1c-5a39-8f0c-0e8b5b1b5b1b',
  type: 'CaptureCreated',
  data: '{}',
  metadata: '{"schemaVersion":1}',
  ...event,
});

const withReadAll = (store: EventStore, readAll: EventStore['readAll']): EventStore =>
  Object.assign(Object.create(store) as EventStore, { readAll, head: () => store.head() });

const withReadStream = (store: EventStore, readStream: EventStore['readStream']): EventStore =>
  Object.assign(Object.create(store) as EventStore, { readStream, identity: store.identity });

describe('an authorization that is asked for', () => {
  it('is shown as of its last event, though nobody projects', async () => {
    const { reader, books } = await openLedger();
    await books.write(key('a1'), [multiple()]);
    await books.write(key('a1'), captured('c1', 10_00));
    const found = (await reader.read(key('a1')))!;
    expect(authorizationOf(found)).toMatchObject({
      captured: 10_00,
      ledger: { revision: 2, position: 3 },
    });
  });

  it('is shown as it was at an earlier revision', async () => {
    const { reader, books } = await openLedger();
    await books.write(key('a1'), [authorization()]);
    await books.write(key('a1'), [voided]);
    const found = (await reader.read(key('a1'), 0))!;
    expect(authorizationOf(found)).toMatchObject({ standing: 'open', ledger: { revision: 0 } });
    expect(await reader.read(key('a1'), 2)).toBeUndefined();
  });

  it('is not found where it was never registered, or not yet', async () => {
    const { reader, books } = await openLedger();
    await books.decide(create('c1', 1, { authorizationId: 'a1' }));
    expect(await reader.read(key('a1'))).toBeUndefined();
    await books.write(key('a1'), [authorization()]);
    expect(await reader.read(key('a1'))).toBeDefined();
    expect(await reader.read(key('a1'), 0)).toBeUndefined();
    expect(await reader.read(key('never'))).toBeUndefined();
  });

  it('is not found under another merchant account', async () => {
    const { reader, books } = await openLedger();
    await books.write(key('a1'), [authorization()]);
    expect(await reader.read(key('a1', 'other'))).toBeUndefined();
  });

  it('cannot be read where its history is not one', async () => {
    const { reader, books, store } = await openLedger();
    await books.write(key('a1'), [authorization(), declined('never-made')]);
    await store.append(streamOf(key('a2')), [strange({ metadata: 'no JSON' })], -1);
    await store.append('somebody-elses', [strange({ type: 'AuthorizationRegistered' })], -1);

    await expect(reader.read(key('a1'))).rejects.toThrow(
      'revision 1 (CaptureDeclined) cannot be folded',
    );
    await expect(reader.read(key('a2'))).rejects.toThrow(StreamUnusable);
  });

  it('cannot be read where somebody changed what was written', async () => {
    const { reader, books, store, views } = await openLedger();
    await books.write(key('a1'), [authorization(), voided]);
    const tampered = new StreamReader(
      withReadStream(store, async (...asked) =>
        (await store.readStream(...asked)).map((event) => ({
          ...event,
          data: event.revision === 0 ? event.data.replace('10000', '90000') : event.data,
        })),
      ),
      views,
    );
    expect(await reader.read(key('a1'))).toBeDefined();
    await expect(tampered.read(key('a1'))).rejects.toThrow('its chain is broken');
    await expect(tampered.history(key('a1'), { limit: 2 })).rejects.toThrow(StreamUnusable);
    await expect(tampered.history(key('a1'), { from: 1, limit: 1 })).rejects.toThrow(
      StreamUnusable,
    );
  });

  it('cannot be read where events were taken out of it', async () => {
    const { books, store, views } = await openLedger();
    await books.write(key('a1'), [multiple(), ...captured('c1', 1), requested('c2', 1)]);
    const torn = new StreamReader(
      withReadStream(store, async (...asked) =>
        (await store.readStream(...asked)).filter(({ revision }) => revision !== 1),
      ),
      views,
    );
    await expect(torn.read(key('a1'))).rejects.toThrow(StreamUnusable);
    for (const from of [0, 1, 2])
      await expect(torn.history(key('a1'), { from, limit: 2 })).rejects.toThrow(StreamUnusable);
    expect(await torn.history(key('a1'), { from: 3, limit: 2 })).toMatchObject({
      entries: [{ revision: 3 }],
    });
  });

  it('ends the process where a newer release wrote to it', async () => {
    const { reader, store } = await openLedger();
    const stream = streamOf(key('a1'));
    const metadata = JSON.stringify({ previous: hashOfStreamName(stream), schemaVersion: 1 });
    await store.append(stream, [strange({ type: 'FromTheFuture', metadata })], -1);
    await expect(reader.read(key('a1'))).rejects.toThrow(UnknownEvent);
  });
});

describe('the history of an authorization', () => {
  it('tells what happened, refusals and anomalies too, with who, when and why', async () => {
    const { reader, books } = await openLedger();
    await books.decide({ ...register({ authorizationId: 'a1' }), commandId: 'cmd-0' });
    await books.decide(create('c1', 200_00, { authorizationId: 'a1', commandId: 'cmd-1' }));
    const fact = {
      type: 'RecordCaptureOutcome',
      captureId: 'c9',
      outcome: 'succeeded',
      occurredAt: at(1),
    } as const;
    await books.decide({ ...register(), ...fact, authorizationId: 'a1', commandId: 'cmd-2' });
    await books.decide({ ...register(), ...fact, authorizationId: 'a1', commandId: 'cmd-3' });
    await books.write(key('a1'), [{ type: 'AuthorizationVoided', data: { reason: 'sold out' } }], {
      actor: 'eve',
      commandId: 'cmd-4',
      commandType: 'VoidAuthorization',
      issuedAt: at(44),
    });

    const { entries, next } = (await reader.history(key('a1'), { limit: 100 }))!;
    expect(entries.map(({ kind, type, why }) => [kind, type, why])).toEqual([
      ['event', 'AuthorizationRegistered', null],
      ['refusal', 'CommandRejected', 'amount_exceeds_capturable'],
      ['anomaly', 'CaptureAnomalyDetected', 'unknown_capture'],
      ['no_effect', 'CommandHadNoEffect', null],
      ['event', 'AuthorizationVoided', 'sold out'],
    ]);
    expect(entries[4]).toEqual({
      revision: 4,
      position: 5,
      eventId: expect.any(String),
      kind: 'event',
      type: 'AuthorizationVoided',
      data: { reason: 'sold out' },
      who: { actor: 'eve', commandId: 'cmd-4', commandType: 'VoidAuthorization' },
      when: { issuedAt: at(44), recordedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) },
      why: 'sold out',
    });
    expect(entries[0]?.who.actor).toBeNull();
    expect(next).toBeNull();
  });

  it('comes in pages', async () => {
    const { reader, books } = await openLedger();
    await books.write(key('a1'), [multiple(), ...captured('c1', 1)]);
    const first = (await reader.history(key('a1'), { limit: 2 }))!;
    const second = (await reader.history(key('a1'), { from: first.next!, limit: 2 }))!;
    expect(first.entries.map(({ revision }) => revision)).toEqual([0, 1]);
    expect(second).toMatchObject({ entries: [{ revision: 2 }], next: null });
    expect(await reader.history(key('a1'), { from: 3, limit: 2 })).toEqual({
      entries: [],
      next: null,
    });
  });

  it('is told of a stream with nothing but refusals, and not where nothing was ever written', async () => {
    const { reader, books } = await openLedger();
    await books.decide(create('c1', 1, { authorizationId: 'a1' }));
    expect(await reader.history(key('a1'), { limit: 1 })).toMatchObject({
      entries: [{ why: 'authorization_unknown' }],
    });
    expect(await reader.history(key('a2'), { limit: 1 })).toBeUndefined();
  });
});

describe('an authorization that is looked up by a name in it', () => {
  it('is found as soon as the name was given, though nobody projects', async () => {
    const { reader, books } = await openLedger();
    await books.write(key('a1'), [multiple({ paymentId: 'p1', externalIdentifier: 'x1' })]);
    await books.write(key('a1'), captured('c1', 10_00, { externalIdentifier: 'x2' }));
    await books.write(key('a1'), [refundRequested('c1', 'r1', 1)]);

    const found = (kind: 'capture' | 'refund' | 'payment' | 'external', name: string) =>
      reader.authorizationsNaming('default', kind, name);
    expect(await found('capture', 'c1')).toEqual(['a1']);
    expect(await found('refund', 'r1')).toEqual(['a1']);
    expect(await found('payment', 'p1')).toEqual(['a1']);
    expect(await found('external', 'x1')).toEqual(['a1']);
    expect(await found('external', 'x2')).toEqual(['a1']);
    expect(await found('refund', 'c1')).toEqual([]);
    expect(await reader.authorizationsNaming('other', 'capture', 'c1')).toEqual([]);
  });

  it('is found whether the views have it already or not, and once', async () => {
    const { reader, books, store, folder, shown } = await openLedger();
    const { stop } = project(store, folder);
    await books.write(key('a1'), [multiple(), requested('c1', 1)]);
    expect(await reader.authorizationsNaming('default', 'capture', 'c1')).toEqual(['a1']);
    await shown();
    await stop();
    await books.write(key('a2'), [multiple(), requested('c1', 1), requested('c2', 1)]);
    expect(await reader.authorizationsNaming('default', 'capture', 'c1')).toEqual(['a1', 'a2']);
    project(store, folder);
    await shown();
    expect(await reader.authorizationsNaming('default', 'capture', 'c1')).toEqual(['a1', 'a2']);
    expect(await reader.authorizationsNaming('default', 'capture', 'c2')).toEqual(['a2']);
  });

  it('is found by whoever asks after it was written, however many ask at once', async () => {
    const { reader, books } = await openLedger();
    const asking = Array.from({ length: 50 }, async (_, number) => {
      await books.write(key(`a${number}`), [multiple(), requested(`c${number}`, 1)]);
      return reader.authorizationsNaming('default', 'capture', `c${number}`);
    });
    expect(await Promise.all(asking)).toEqual(asking.map((__, number) => [`a${number}`]));
  });

  it('is found by who asks after it was written, though an earlier search is still under way', async () => {
    const { books, store, views } = await openLedger();
    const letGo = new AbortController();
    const slow = withReadAll(store, async (after, limit) => {
      const page = await store.readAll(after, limit);
      await systemClock.wait(60_000, letGo.signal);
      return page;
    });
    const reader = new StreamReader(slow, views);
    const early = reader.authorizationsNaming('default', 'capture', 'c1');
    await books.write(key('a1'), [multiple(), requested('c1', 1)]);
    const late = reader.authorizationsNaming('default', 'capture', 'c1');
    letGo.abort();
    expect([await early, await late]).toEqual([[], ['a1']]);
  });

  it('is found where the views are to be made anew', async () => {
    const { reader, books, store, folder, file, shown } = await openLedger();
    const { stop } = project(store, folder);
    await books.write(key('a1'), [multiple(), requested('c1', 1)]);
    await shown();
    expect(await reader.authorizationsNaming('default', 'capture', 'c1')).toEqual(['a1']);
    await stop();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version=1');
    database.close();
    expect(await reader.authorizationsNaming('default', 'capture', 'c1')).toEqual(['a1']);
  });

  it('is not looked for where the views are a hundred thousand events behind', async () => {
    const { books, store, views } = await openLedger();
    await books.write(key('a1'), [multiple(), requested('c1', 1)]);
    let read = 0;
    const long = Object.assign(
      withReadAll(store, (...asked) => {
        read += 1;
        return store.readAll(...asked);
      }),
      { head: async () => 100_001 },
    );
    const reader = new StreamReader(long, views);
    await expect(reader.authorizationsNaming('default', 'capture', 'c1')).rejects.toThrow(
      ViewsUnavailable,
    );
    expect(read).toBe(0);
  });

  it('is found though another stream cannot be read', async () => {
    const { reader, books, store } = await openLedger();
    await store.append(streamOf(key('a2')), [strange({ metadata: 'no JSON' })], -1);
    await books.write(key('a1'), [multiple(), requested('c1', 1)]);
    expect(await reader.authorizationsNaming('default', 'capture', 'c1')).toEqual(['a1']);
  });
});
