import { Decisions } from '#commands/decisions.js';
import type { DecisionsObserver } from '#commands/decisions-observer.js';
import type { SubmittedCommand } from '#commands/submitted-command.js';
import { MAX_BYTES_OF_APPEND } from '#event-store/append-limits.js';
import { StoreUnavailable, WrongExpectedRevision } from '#event-store/event-store.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { removeTemporaryFolders, temporaryFolder } from '../event-store/temporary-folder.js';
import { quiet } from './quiet-observer.js';
import { withAppend, withReadStream } from './store-with-faults.js';
import { capture, registration, submitted } from './submitted.js';

const decisionsOn = (on: EventStore, observer: Partial<DecisionsObserver> = {}) =>
  new Decisions(on, systemClock, { ...quiet, ...observer });

/** The command with a bug in it: deciding it throws as long as `throws` says. */
const throwing = (command: SubmittedCommand, throws: () => boolean): SubmittedCommand => ({
  ...command,
  command: new Proxy(command.command, {
    get: (target, member) => {
      if (member === 'amount' && throws()) throw new Error('a bug');
      return Reflect.get(target, member);
    },
  }),
});

const answersOf = async (decisions: Decisions, commands: readonly SubmittedCommand[]) => {
  const all = await Promise.all(commands.map((command) => decisions.submit(command)));
  return all.map(({ answer }) => answer);
};

describe('A command whose deciding throws', () => {
  let store: EventStore;
  let authorizations = 0;
  let id: string;

  beforeAll(async () => {
    store = await openSqliteEventStore({ folder: temporaryFolder(), clock: systemClock });
  });
  afterAll(async () => {
    await store.close();
    removeTemporaryFolders();
  });
  beforeEach(async () => {
    authorizations += 1;
    id = `auth-${authorizations}`;
    await decisionsOn(store).submit(submitted(id, 'register', registration));
  });

  it('keeps its place until its last try: the ones behind do not overtake it', async () => {
    let throws = 0;
    // Once behind the first, then twice in each try: on what is remembered, and on what is stored.
    const inTwoTries = () => (throws += 1) <= 1 + 2 * 2;
    const answers = await answersOf(decisionsOn(store), [
      submitted(id, 'c1', capture('cap-1', 3_000)),
      throwing(submitted(id, 'c2', capture('cap-2', 6_000)), inTwoTries),
      submitted(id, 'c3', capture('cap-3', 6_000)),
    ]);
    expect(answers).toMatchObject([
      { outcome: 'accepted', revision: 1 },
      { outcome: 'accepted', revision: 2 },
      { outcome: 'rejected', revision: 3, details: { capturable: 1_000 } },
    ]);
  });

  it('is failed after three tries, with one alarm, and the others are answered', async () => {
    const alarms: string[] = [];
    const decisions = decisionsOn(store, {
      alarm: ({ what, commandId }) => alarms.push(`${what} ${commandId}`),
    });
    let throws = 0;
    const always = () => (throws += 1) > 0;
    const answers = await answersOf(decisions, [
      submitted(id, 'c1', capture('cap-1', 1)),
      throwing(submitted(id, 'c2', capture('cap-2', 2)), always),
      submitted(id, 'c3', capture('cap-3', 3)),
      submitted(id, 'c4', capture('cap-4', 4)),
    ]);
    expect(answers).toMatchObject([
      { outcome: 'accepted', revision: 1 },
      { outcome: 'failed', reason: 'internal_error' },
      { outcome: 'accepted', revision: 2 },
      { outcome: 'accepted', revision: 3 },
    ]);
    expect(alarms).toEqual(['internal_error c2']);
    expect(throws).toBe(1 + 2 * 3);
  });

  it('is failed where its events are too large for any append, and the others are answered', async () => {
    const unregistered = `${id}-new`;
    let reads = 0;
    // Nothing is remembered of a stream that is not there, so that whoever went round would read for ever.
    const readable = withReadStream(store, async (...args) => {
      reads += 1;
      if (reads > 50) throw new StoreUnavailable('busy', 'read without end');
      return store.readStream(...args);
    });
    const externalIdentifier = 'x'.repeat(MAX_BYTES_OF_APPEND);
    const answers = await answersOf(decisionsOn(readable), [
      submitted(unregistered, 'large', { ...registration, externalIdentifier }),
      submitted(unregistered, 'register', registration),
      submitted(unregistered, 'c1', capture('cap-1', 1)),
    ]);
    expect(answers).toMatchObject([
      { outcome: 'failed', reason: 'internal_error' },
      { outcome: 'accepted', revision: 0 },
      { outcome: 'accepted', revision: 1 },
    ]);
  });

  it('is decided on what is stored before that is said of it', async () => {
    let current = false;
    const decisions = decisionsOn(
      withReadStream(store, (...args) => {
        current = true;
        return store.readStream(...args);
      }),
    );
    await decisions.submit(submitted(id, 'c1', capture('cap-1', 1)));
    current = false;
    const stale = throwing(submitted(id, 'c2', capture('cap-2', 2)), () => !current);
    expect((await decisions.submit(stale)).answer).toMatchObject({
      outcome: 'accepted',
      revision: 2,
    });
  });

  it('is not failed on a decision before it that never became durable', async () => {
    let conflicts = 0;
    const contended = withAppend(store, async (append, name, events, revision) => {
      if (conflicts === 3) return append(name, events, revision);
      conflicts += 1;
      throw new WrongExpectedRevision(name, revision, revision + 1);
    });
    const answers = await answersOf(decisionsOn(contended), [
      submitted(id, 'c1', capture('cap-1', 1)),
      throwing(submitted(id, 'c2', capture('cap-2', 2)), () => conflicts < 3),
    ]);
    expect(answers).toMatchObject([
      { outcome: 'accepted', revision: 1 },
      { outcome: 'accepted', revision: 2 },
    ]);
  });
});
