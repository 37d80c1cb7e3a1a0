import type { CommandBus } from '@nestjs/cqrs';
import { CommandGateway } from '#commands/command-gateway.js';
import { Decisions } from '#commands/decisions.js';
import type { IncomingCommand } from '#commands/incoming-command.js';
import { commandIdReused, failedAnswer, historyFull } from '#commands/undecided-answer.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import type { EventStore } from '#event-store/event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { removeTemporaryFolders, temporaryFolder } from '../event-store/temporary-folder.js';
import { flawsOf, invalidOf, messageOf, parsed } from './messages.js';
import { quiet } from './quiet-observer.js';
import { withReadStream } from './store-with-faults.js';
import { capture, registration, submitted, succeeded } from './submitted.js';

/** The bus is not reached by what is invalid. */
const gateway = new CommandGateway({} as CommandBus, systemClock, quiet);

describe('A message that stands in no history is to be kept by who brought it:', () => {
  let store: EventStore;
  let decisions: Decisions;

  beforeAll(async () => {
    store = await openSqliteEventStore({ folder: temporaryFolder(), clock: systemClock });
    decisions = new Decisions(store, systemClock, quiet);
    await decisions.submit(submitted('auth-1', 'register', registration));
    await decisions.submit(submitted('auth-1', 'c1', capture('cap-1', 1_000)));
    await decisions.submit(submitted('auth-1', 'f1', succeeded('cap-1')));
  });
  afterAll(async () => {
    await store.close();
    removeTemporaryFolders();
  });

  it.each<[string, IncomingCommand]>([
    ['no JSON', { body: '{' }],
    ['no command', { body: '{}' }],
    [
      'one that its transport finds wrong',
      { body: '{}', flaws: [{ pointer: '', message: 'must' }] },
    ],
  ])('%s', async (_, incoming) => {
    const { deadLetter, repeat } = await gateway.receive(incoming);
    expect([deadLetter, repeat]).toEqual([{ reason: 'invalid' }, false]);
  });

  it.each([
    '{"pan":"4111',
    JSON.stringify(messageOf('VoidRefund', { note: '4111 1111 1111 1111' })),
  ])('what holds card data, and then none of it: %s', async (body) =>
    expect((await gateway.receive({ body })).deadLetter).toEqual({
      reason: 'invalid',
      withheld: 'card data',
    }),
  );

  it('a fact under the id of another command', async () => {
    const { deadLetter } = await decisions.submit(submitted('auth-1', 'c1', succeeded('cap-1')));
    expect(deadLetter).toEqual({ reason: 'command_id_reused' });
  });

  it('whatever cannot be decided for trouble of its own', async () => {
    const torn = withReadStream(store, () => Promise.reject(new Error('its chain is broken')));
    const unable = new Decisions(torn, systemClock, quiet);
    for (const payload of [capture('cap-2', 1), succeeded('cap-1')]) {
      const { deadLetter, answer } = await unable.submit(submitted('auth-1', 'c9', payload));
      expect([answer.outcome, deadLetter]).toEqual(['failed', { reason: 'stream_unusable' }]);
    }
  });

  it.each(['stream_unusable', 'internal_error', 'history_full'] as const)(
    'what failed for %s',
    (reason) => {
      const { answer, deadLetter } = failedAnswer(submitted('a', 'c', capture('c', 1)), reason);
      expect([answer.outcome, answer.reason, deadLetter]).toEqual(['failed', reason, { reason }]);
    },
  );

  it.each([
    ['decided', submitted('auth-1', 'c2', capture('cap-2', 1))],
    ['refused, and that is kept', submitted('auth-1', 'c3', capture('cap-3', 99_999))],
    ['without effect, and that is kept', submitted('auth-1', 'f2', succeeded('cap-1'))],
    ['a repeat', submitted('auth-1', 'c1', capture('cap-1', 1_000))],
    ['a command under a used id: it stays refused', submitted('auth-1', 'c1', capture('c', 1))],
  ])('but nothing that was %s', async (_, command) =>
    expect(await decisions.submit(command)).not.toHaveProperty('deadLetter'),
  );

  it('but no command whose history is full: it stays refused', () =>
    expect(historyFull(submitted('a', 'c', capture('c', 1)))).not.toHaveProperty('deadLetter'));

  it('but no command under a used id', () => {
    expect(commandIdReused(submitted('a', 'c', capture('c', 1)))).not.toHaveProperty('deadLetter');
  });
});

describe('What a transport finds wrong', () => {
  const flaws = [{ pointer: '', message: 'the key must be the authorization id' }];

  it('makes invalid what is right in itself', () =>
    expect(flawsOf(messageOf('VoidRefund'), { flaws })).toEqual(flaws));

  it('is told first, beside what is wrong in itself', () => {
    expect(flawsOf(messageOf('VoidRefund', { captureId: '' }), { flaws })).toEqual([
      ...flaws,
      { pointer: '/captureId', message: expect.stringMatching(/^must be 1 to 128/) },
    ]);
    expect(flawsOf('{', { flaws })).toEqual([
      ...flaws,
      { pointer: '', message: expect.stringMatching(/^must be JSON/) },
    ]);
    expect(flawsOf('{}', { flaws })).toEqual([
      ...flaws,
      expect.objectContaining({ pointer: '/type' }),
    ]);
  });

  it('leaves the command its names, so that it can be answered', () =>
    expect(invalidOf(messageOf('VoidRefund'), { flaws })).toMatchObject({
      commandId: 'cmd-1',
      commandType: 'VoidRefund',
      merchantAccountId: 'default',
      authorizationId: 'auth-1',
    }));

  it('is nothing where there is nothing', () =>
    expect(parsed(messageOf('VoidRefund'), { flaws: [] }).command.commandId).toBe('cmd-1'));

  it('is told with at most twenty flaws in all', () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ pointer: '', message: `must ${n}` }));
    expect(flawsOf('{}', { flaws: many })).toEqual(many.slice(0, 20));
  });
});
