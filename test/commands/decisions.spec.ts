import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decisions } from '#commands/decisions.js';
import type { DecisionsObserver } from '#commands/decisions-observer.js';
import { verifyChain } from '#event-store/chain.js';
import { AppendAmbiguous, StoreUnavailable } from '#event-store/event-store.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { quiet } from './quiet-observer.js';
import { withAppend, withReadStream } from './store-with-faults.js';
import { capture, registration, submitted, succeeded } from './submitted.js';

const decisionsOn = (on: EventStore, observer: Partial<DecisionsObserver> = {}) =>
  new Decisions(on, systemClock, { ...quiet, ...observer });

describe('Decisions', () => {
  let folder: string;
  let store: EventStore;
  let authorizations = 0;
  let id: string;
  let decisions: Decisions;
  const stream = () => `authorization-default/${id}`;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-decisions-'));
    store = await openSqliteEventStore({ folder, clock: systemClock });
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    authorizations += 1;
    id = `auth-${authorizations}`;
    decisions = decisionsOn(store);
    await decisions.submit(submitted(id, 'register', registration));
  });

  it('answers a command with what it made, once it is durable', async () => {
    const { answer, created, repeat } = await decisions.submit(
      submitted(id, 'c1', capture('cap-1', 3_000)),
    );
    expect({ answer, created, repeat }).toEqual({
      answer: {
        commandId: 'c1',
        commandType: 'CreateCapture',
        outcome: 'accepted',
        merchantAccountId: 'default',
        authorizationId: id,
        captureId: 'cap-1',
        revision: 1,
      },
      created: 'capture',
      repeat: false,
    });
    expect(await store.readStream(stream())).toHaveLength(2);
  });

  it('answers a refusal with the numbers that mattered, and keeps it', async () => {
    const { answer } = await decisions.submit(submitted(id, 'c1', capture('cap-1', 10_001)));
    expect(answer).toMatchObject({
      outcome: 'rejected',
      reason: 'amount_exceeds_capturable',
      details: { amount: 10_001, capturable: 10_000 },
    });
    expect((await store.readStream(stream())).at(-1)?.type).toBe('CommandRejected');
  });

  it.each([
    ['at once', async () => decisions],
    ['by a process that has just started', async () => decisionsOn(store)],
  ])(
    'gives a command that is sent again the same bytes, whatever came after it: %s',
    async (_, by) => {
      const commands = [
        submitted(id, 'c1', capture('cap-1', 6_000)),
        submitted(id, 'c2', capture('cap-2', 6_000)),
        submitted(id, 'c3', capture('cap-1', 6_000)),
        submitted(id, 'c4', succeeded('cap-1')),
        submitted(id, 'c5', {
          type: 'RefundCapture',
          captureId: 'cap-1',
          refundId: 'ref-1',
          amount: 6_001,
        }),
      ];
      const first = [];
      for (const command of commands) first.push((await decisions.submit(command)).answer);
      await decisions.submit(
        submitted(id, 'void', {
          type: 'CancelCapture',
          captureId: 'cap-1',
          mode: 'auto',
          refundId: 'r',
        }),
      );
      const again = await by();
      for (const [index, command] of commands.entries()) {
        const repeated = await again.submit(command);
        expect(JSON.stringify(repeated.answer)).toBe(JSON.stringify(first[index]));
        expect(repeated.repeat).toBe(true);
      }
      expect(await store.readStream(stream())).toHaveLength(7);
    },
  );

  it('refuses another command under an id that was used, and leaves no trace', async () => {
    await decisions.submit(submitted(id, 'c1', capture('cap-1', 1)));
    const { answer } = await decisions.submit(submitted(id, 'c1', capture('cap-1', 2)));
    expect(answer).toMatchObject({ outcome: 'rejected', reason: 'command_id_reused' });
    expect(await store.readStream(stream())).toHaveLength(2);
  });

  it('decides fifty copies of a command once, and gives all of them the same bytes', async () => {
    const command = submitted(id, 'c1', capture('cap-1', 3_000));
    const all = await Promise.all(Array.from({ length: 50 }, () => decisions.submit(command)));
    expect(new Set(all.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(all.filter(({ repeat }) => !repeat)).toHaveLength(1);
    expect(await store.readStream(stream())).toHaveLength(2);
  });

  it('puts what arrives together for one authorization into one append, in order', async () => {
    const appends: number[] = [];
    const counting = decisionsOn(
      withAppend(store, (append, name, events, revision) => {
        appends.push(events.length);
        return append(name, events, revision);
      }),
    );
    const answers = await Promise.all(
      [1, 2, 3].map((n) => counting.submit(submitted(id, `c${n}`, capture(`cap-${n}`, n)))),
    );
    expect(appends).toEqual([3]);
    expect(answers.map(({ answer }) => answer.revision)).toEqual([1, 2, 3]);
  });

  it('never has two appends of one authorization in flight, and several of different ones', async () => {
    const inFlight = new Map<string, number>();
    const most = { ofOne: 0, ofAll: 0 };
    const watched = decisionsOn(
      withAppend(store, async (append, name, events, revision) => {
        inFlight.set(name, (inFlight.get(name) ?? 0) + 1);
        most.ofOne = Math.max(most.ofOne, inFlight.get(name)!);
        most.ofAll = Math.max(
          most.ofAll,
          [...inFlight.values()].reduce((a, b) => a + b, 0),
        );
        const appended = await append(name, events, revision);
        inFlight.set(name, inFlight.get(name)! - 1);
        return appended;
      }),
    );
    const other = `${id}-other`;
    await decisions.submit(submitted(other, 'register', registration));
    const arriving = [];
    for (let n = 1; n <= 20; n += 1) {
      arriving.push(watched.submit(submitted(id, `c${n}`, capture(`cap-${n}`, 1))));
      arriving.push(watched.submit(submitted(other, `c${n}`, capture(`cap-${n}`, 1))));
      await new Promise(setImmediate);
    }
    await Promise.all(arriving);
    expect(most).toEqual({ ofOne: 1, ofAll: 2 });
  });

  it('decides again what another writer was faster with: two processes, one decision each, no gap', async () => {
    const conflicts: string[] = [];
    const conflicted = (name: string) => void conflicts.push(name);
    const writers = [decisionsOn(store, { conflicted }), decisionsOn(store, { conflicted })];
    // Both remember the stream as it is now, so that one of them must find that it has moved on.
    for (const writer of writers) await writer.submit(submitted(id, 'register', registration));
    const commands = Array.from({ length: 40 }, (_, n) =>
      submitted(id, `c${n}`, { ...capture(`cap-${n}`, 100), final: false }),
    );
    const answers = await Promise.all(
      writers.flatMap((writer, n) =>
        (n === 0 ? commands : commands.toReversed()).map((command) => writer.submit(command)),
      ),
    );
    const events = await store.readStream(stream());
    expect(events).toHaveLength(41);
    verifyChain(stream(), events);
    const sequences = events.slice(1).map(({ data }) => JSON.parse(data).sequence);
    expect(sequences).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    const byCommand = Map.groupBy(answers, ({ answer }) => answer.commandId);
    for (const [, same] of byCommand) {
      expect(new Set(same.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    }
    expect(conflicts.length).toBeGreaterThan(0);
  });

  it('decides one of two commands that come under one id to two processes at once', async () => {
    const writers = [decisionsOn(store), decisionsOn(store)];
    for (const writer of writers) await writer.submit(submitted(id, 'register', registration));
    const answers = await Promise.all(
      writers.map((writer, n) => writer.submit(submitted(id, 'c1', capture('cap-1', n + 1)))),
    );
    expect(answers.map(({ answer }) => answer.reason ?? answer.outcome).toSorted()).toEqual([
      'accepted',
      'command_id_reused',
    ]);
  });

  it('says that an id was used only once the command that used it is durable', async () => {
    let full = true;
    const filling = decisionsOn(
      withAppend(store, (append, ...args) =>
        full ? Promise.reject(new StoreUnavailable('full', 'the disk is full')) : append(...args),
      ),
    );
    const [first, second] = [1, 2].map((n) => submitted(id, 'c1', capture('cap-1', n)));
    const both = await Promise.allSettled([filling.submit(first!), filling.submit(second!)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    full = false;
    expect((await filling.submit(second!)).answer.outcome).toBe('accepted');
    expect((await filling.submit(first!)).answer.reason).toBe('command_id_reused');
  });

  it('says that the stream has moved on only once what moved it is durable', async () => {
    let full = true;
    const filling = decisionsOn(
      withAppend(store, (append, ...args) =>
        full ? Promise.reject(new StoreUnavailable('full', 'the disk is full')) : append(...args),
      ),
    );
    const first = submitted(id, 'c1', capture('cap-1', 1));
    const second = { ...submitted(id, 'c2', capture('cap-2', 2)), ifMatch: 0 };
    const both = await Promise.allSettled([filling.submit(first), filling.submit(second)]);
    expect(both).toMatchObject([
      { reason: { name: 'StoreUnavailable' } },
      { reason: { name: 'StoreUnavailable' } },
    ]);
    full = false;
    expect((await filling.submit(second)).answer.outcome).toBe('accepted');
  });

  it('goes on after another process decided the very same command, issued a moment apart', async () => {
    const writers = [decisionsOn(store), decisionsOn(store)];
    for (const writer of writers) await writer.submit(submitted(id, 'register', registration));
    await Promise.all(
      writers.map((writer, n) => {
        const command = submitted(id, 'c1', capture('cap-1', 1));
        const issuedAt = `2026-11-21T09:00:00.00${n}Z`;
        return writer.submit({ ...command, command: { ...command.command, issuedAt } });
      }),
    );
    for (const [n, writer] of [...writers.entries()].toReversed())
      await writer.submit(submitted(id, `next-${n}`, capture(`cap-next-${n}`, 1)));
    const events = await store.readStream(stream());
    expect(verifyChain(stream(), events).revision).toBe(3);
  });

  it.each([
    ['made', true],
    ['not made', false],
  ])(
    'sends an append again whose answer was lost when it was %s, and books it once',
    async (_, made) => {
      let lost = 0;
      const losing = decisionsOn(
        withAppend(store, async (append, ...args) => {
          lost += 1;
          if (lost > 2) return append(...args);
          if (made) await append(...args);
          throw new AppendAmbiguous('no answer within 5 s');
        }),
      );
      const { answer } = await losing.submit(submitted(id, 'c1', capture('cap-1', 3_000)));
      expect(answer).toMatchObject({ outcome: 'accepted', revision: 1 });
      expect(await store.readStream(stream())).toHaveLength(2);
    },
  );

  it('says that the store is away where no answer to an append ever comes', async () => {
    let sent = 0;
    const losing = decisionsOn(
      withAppend(store, async (append, ...args) => {
        sent += 1;
        if (sent > 6) return append(...args);
        throw new AppendAmbiguous('no answer within 5 s');
      }),
    );
    const command = submitted(id, 'c1', capture('cap-1', 3_000));
    await expect(losing.submit(command)).rejects.toThrow(StoreUnavailable);
    expect(sent).toBe(6);
  });

  it('says that the store is away, decides nothing, and takes the same command later', async () => {
    let full = true;
    const filling = decisionsOn(
      withAppend(store, (append, ...args) =>
        full ? Promise.reject(new StoreUnavailable('full', 'the disk is full')) : append(...args),
      ),
    );
    const command = submitted(id, 'c1', capture('cap-1', 3_000));
    await expect(filling.submit(command)).rejects.toThrow(StoreUnavailable);
    const repeated = await filling.submit(submitted(id, 'register', registration));
    expect(repeated.repeat).toBe(true);
    full = false;
    expect((await filling.submit(command)).answer.outcome).toBe('accepted');
  });

  it('fails the commands of a stream whose chain is broken, tells of it, and goes on with others', async () => {
    const alarms: string[] = [];
    const tampered = decisionsOn(
      withReadStream(store, async (name, range) => {
        const events = await store.readStream(name, range);
        if (name !== stream()) return events;
        return events.map((event) => ({ ...event, data: event.data.replace('10000', '90000') }));
      }),
      { alarm: ({ what, stream: name, commandId }) => alarms.push(`${what} ${name} ${commandId}`) },
    );
    await decisions.submit(submitted(id, 'c0', capture('cap-0', 1)));
    const { answer } = await tampered.submit(submitted(id, 'c1', capture('cap-1', 1)));
    expect(answer).toEqual({
      commandId: 'c1',
      commandType: 'CreateCapture',
      outcome: 'failed',
      merchantAccountId: 'default',
      authorizationId: id,
      reason: 'stream_unusable',
    });
    expect(alarms).toEqual([`stream_unusable ${stream()} c1`]);
    const other = await tampered.submit(submitted(`${id}-other`, 'r', registration));
    expect(other.answer.outcome).toBe('accepted');
  });

  it('is not ready to decide on what a newer release wrote: the process must end', async () => {
    const fatal: string[] = [];
    const older = decisionsOn(
      withReadStream(store, async (name, range) => {
        const events = await store.readStream(name, range);
        return events.map((event) => ({ ...event, type: 'CaptureSplit' }));
      }),
      { fatal: ({ name }) => fatal.push(name) },
    );
    await expect(older.submit(submitted(id, 'c1', capture('cap-1', 1)))).rejects.toThrow(
      'CaptureSplit',
    );
    expect(fatal).toEqual(['UnknownEvent']);
  });

  it('decides only at the revision that the sender wants, after asking whether it was decided before', async () => {
    const command = { ...submitted(id, 'c1', capture('cap-1', 1)), ifMatch: 0 };
    await decisionsOn(store).submit(submitted(id, 'c0', capture('cap-0', 1)));
    // This process remembers revision 0; the stream is at 1.
    await expect(decisions.submit(command)).rejects.toThrow('at revision 1');
    expect(await store.readStream(stream())).toHaveLength(2);
    const accepted = await decisions.submit({ ...command, ifMatch: 1 });
    expect(accepted.answer.revision).toBe(2);
    expect((await decisions.submit(command)).repeat).toBe(true);
  });

  it('takes a group in parts that is too large for one append', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`k${n}`, 'x'.repeat(500)]),
    );
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        decisions.submit(submitted(id, `c${n}`, { ...capture(`cap-${n}`, 1), metadata })),
      ),
    );
    expect(answers.map(({ answer }) => answer.revision)).toEqual(
      Array.from({ length: 100 }, (_, n) => n + 1),
    );
    verifyChain(stream(), await store.readStream(stream()));
  });

  it('lets nothing small overtake what does not fit into an append any more', async () => {
    const large = { metadata: { note: 'x'.repeat(700 * 1024) } };
    const answers = await Promise.all(
      [
        submitted(id, 'c1', { ...capture('cap-1', 1), ...large }),
        submitted(id, 'c2', { ...capture('cap-2', 2), ...large }),
        submitted(id, 'c3', capture('cap-3', 3)),
      ].map((command) => decisions.submit(command)),
    );
    expect(answers.map(({ answer }) => answer.revision)).toEqual([1, 2, 3]);
  });

  it('answers what it has taken before it is closed, and takes no more', async () => {
    const taken = decisions.submit(submitted(id, 'c1', capture('cap-1', 1)));
    await decisions.close();
    expect((await taken).answer.outcome).toBe('accepted');
    await expect(decisions.submit(submitted(id, 'c2', capture('cap-2', 1)))).rejects.toThrow(
      StoreUnavailable,
    );
  });
});
