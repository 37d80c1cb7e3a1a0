import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decisions } from '#commands/decisions.js';
import {
  BYTES_FOR_COMMANDS,
  BYTES_OF_A_STREAM,
  EVENTS_FOR_COMMANDS,
  EVENTS_OF_A_STREAM,
} from '#commands/limits.js';
import { hashOfStreamName } from '#event-store/chain.js';
import { encodeEvents } from '#event-store/event-codec.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { quiet } from './quiet-observer.js';
import { capture, submitted, succeeded } from './submitted.js';

const metadata = (commandId: string, commandType: string) => ({
  commandId,
  commandType,
  commandIndex: 0,
  fingerprint: '1:x',
  issuedAt: '2026-11-21T09:00:00.000Z',
  schemaVersion: 1,
});

/** Writes a registered authorization with one capture and as many events in all. */
const fill = async (store: EventStore, stream: string, events: number, padding = '') => {
  let hash = hashOfStreamName(stream);
  const history = Array.from({ length: events }, (_, n) => {
    if (n === 0) {
      const data = {
        amount: 100,
        currency: 'EUR',
        captureMethod: 'manual',
        connector: 'adyen',
        mode: 'live',
      };
      return {
        event: { type: 'AuthorizationRegistered', data },
        metadata: metadata('r', 'RegisterAuthorization'),
      };
    }
    if (n === 1) {
      const data = { captureId: 'cap-1', sequence: 1, amount: 100, currency: 'EUR', final: true };
      return { event: { type: 'CaptureCreated', data }, metadata: metadata('c', 'CreateCapture') };
    }
    const data = { commandType: 'CreateCapture', captureId: `cap-1${padding}` };
    return {
      event: { type: 'CommandHadNoEffect', data },
      metadata: metadata(`n${n}`, 'CreateCapture'),
    };
  });
  for (let from = 0; from < events; from += padding ? 10 : 500) {
    const encoded = encodeEvents(stream, hash, history.slice(from, from + (padding ? 10 : 500)));
    hash = encoded.hash;
    await store.append(stream, encoded.events, from - 1);
  }
};

describe('A stream that is almost full', () => {
  let folder: string;
  let store: EventStore;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-full-'));
    store = await openSqliteEventStore({ folder, clock: systemClock });
    await fill(store, 'authorization-default/commands', EVENTS_FOR_COMMANDS - 1);
    await fill(store, 'authorization-default/facts', EVENTS_OF_A_STREAM - 1);
    const padding = 'x'.repeat(64 * 1024);
    for (const [name, bytes] of [
      ['heavy', BYTES_FOR_COMMANDS],
      ['heaviest', BYTES_OF_A_STREAM],
    ] as const) {
      await fill(store, `authorization-default/${name}`, bytes / padding.length + 2, padding);
    }
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('takes the last command that it has room for, refuses the next without a trace, and still takes facts', async () => {
    const decisions = new Decisions(store, systemClock, quiet);
    const last = await decisions.submit(submitted('commands', 'c1', capture('cap-1', 100)));
    expect(last.answer).toMatchObject({ outcome: 'accepted', revision: EVENTS_FOR_COMMANDS - 1 });
    const next = submitted('commands', 'c2', capture('cap-1', 100));
    const refused = await decisions.submit(next);
    expect(refused.answer).toMatchObject({ outcome: 'rejected', reason: 'history_full' });
    expect((await decisions.submit(next)).answer).toEqual(refused.answer);
    const fact = await decisions.submit(submitted('commands', 'f1', succeeded('cap-1')));
    expect(fact.answer).toMatchObject({ outcome: 'accepted', revision: EVENTS_FOR_COMMANDS });
    expect(
      (await decisions.submit(submitted('commands', 'c1', capture('cap-1', 100)))).repeat,
    ).toBe(true);
  });

  it('fails a fact that it has no room for, with an alarm: somebody must look', async () => {
    const alarms: string[] = [];
    const decisions = new Decisions(store, systemClock, {
      ...quiet,
      alarm: ({ what }) => alarms.push(what),
    });
    // It leaves its anomaly, too: the two have no room, where one has.
    const two = submitted('facts', 'f0', { ...succeeded('cap-1'), amount: 99 });
    const last = submitted('facts', 'f1', succeeded('cap-1'));
    const next = submitted('facts', 'f2', succeeded('cap-1'));
    const answers = [];
    for (const fact of [two, last, next]) answers.push((await decisions.submit(fact)).answer);
    expect(answers).toMatchObject([
      { outcome: 'failed', reason: 'history_full' },
      { outcome: 'accepted', revision: EVENTS_OF_A_STREAM - 1 },
      { outcome: 'failed', reason: 'history_full' },
    ]);
    expect(alarms).toEqual(['history_full', 'history_full']);
  });

  it('is bounded in bytes too: few events may be large ones', async () => {
    const decisions = new Decisions(store, systemClock, quiet);
    const { answer } = await decisions.submit(submitted('heavy', 'c2', capture('cap-1', 100)));
    expect(answer).toMatchObject({ outcome: 'rejected', reason: 'history_full' });
    const fact = await decisions.submit(submitted('heavy', 'f1', succeeded('cap-1')));
    expect(fact.answer.outcome).toBe('accepted');
    const { answer: full } = await decisions.submit(
      submitted('heaviest', 'f1', succeeded('cap-1')),
    );
    expect(full).toMatchObject({ outcome: 'failed', reason: 'history_full' });
  });
});
