import { fc, test } from '@fast-check/jest';
import { readFileSync } from 'node:fs';
import { schemaVersions } from '#capture/events.js';
import { parseCommand } from '#commands/parse-command.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { commandIn } from '#kafka/command-record.js';
import { courseOf } from '../../apps/sandbox-connector/src/courses.js';
import { heardIn } from '../../apps/sandbox-connector/src/heard-event.js';
import type { Outcome } from '../../apps/sandbox-connector/src/outcomes.js';
import {
  captureCreated,
  EVENTS,
  inbound,
  onTopic,
  recorded,
  RECORDED_AT,
  recordsTo,
  refundRequested,
  saidTo,
} from './heard.js';

/** The rows of the README: | `01` | `is declined` | `declined` | `declined` | */
const rows = readFileSync('apps/sandbox-connector/README.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| (`\d\d`|anything else)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .map(([, ending, it, capture, refund]) => ({ ending, it, capture, refund }));

const rowOf = (amount: number) =>
  rows.find(({ ending }) => Number(ending) === amount % 100) ??
  rows.find(({ ending }) => ending === 'anything else');

/** What was said, in the words of the README. */
const inWords = (outcomes: readonly Outcome[]): string =>
  outcomes
    .map(({ fact: { outcome }, isLate }, index) => {
      if (isLate) return `later ${outcome}`;
      return index === 2 ? `then ${outcome}` : outcome;
    })
    .join(', ');

const cancelRequested = (reason?: string) =>
  recorded({ type: 'CaptureCancelRequested', data: { captureId: 'cap-1', reason } });

const ofRefund = { captureId: 'cap-1', refundId: 'ref-1' };

describe('what the sandbox connector says', () => {
  it('of every amount is what the README says', () => {
    const amounts = Array.from({ length: 100 }, (_, ending) => 1_200 + ending);
    const told = amounts.map((amount) => ({
      amount,
      it: courseOf(amount),
      capture: inWords(saidTo(recorded(captureCreated(amount)))),
      refund: inWords(saidTo(recorded(refundRequested(amount)))),
    }));
    expect(told).toEqual(
      amounts.map((amount) => {
        const { it: course, capture, refund } = rowOf(amount)!;
        return { amount, it: course, capture, refund };
      }),
    );
  });

  it('has seven rows in the README', () => {
    expect(rows).toHaveLength(7);
  });

  it.each([
    [undefined, 'succeeded'],
    ['the customer called back', 'succeeded'],
    ['order 17, 02', 'failed'],
    ['02 and no more', 'succeeded'],
    ['2', 'succeeded'],
    ['01', 'succeeded'],
  ])('of a cancel because of %j is that it %s', (reason, outcome) => {
    const [only, ...more] = saidTo(cancelRequested(reason));
    expect(only).toMatchObject({ fact: { type: 'RecordCancelOutcome', outcome }, isLate: false });
    expect(more).toEqual([]);
  });

  it.each([
    ['CaptureForwarded', { captureId: 'cap-1' }, 'RecordCaptureOutcome', 'succeeded'],
    ['RefundForwarded', ofRefund, 'RecordRefundOutcome', 'succeeded'],
    ['RefundVoidRequested', ofRefund, 'RecordRefundOutcome', 'voided'],
  ] as const)('of %s is said at once', (type, data, fact, outcome) => {
    expect(saidTo(recorded({ type, data }))).toEqual([
      { fact: expect.objectContaining({ type: fact, outcome, ...data }), isLate: false },
    ]);
  });

  it('is nothing but to events that ask for something', () => {
    const data = { ...ofRefund, amount: 700 };
    const types = [...schemaVersions.keys()] as Parameters<typeof recorded>[0]['type'][];
    expect(types.filter((type) => saidTo(recorded({ type, data })).length > 0)).toEqual([
      'CaptureCreated',
      'CaptureForwarded',
      'CaptureCancelRequested',
      'RefundRequested',
      'RefundVoidRequested',
      'RefundForwarded',
    ]);
  });

  it('stands in records whose bytes never change', () => {
    expect(recordsTo(recorded(captureCreated(701)))).toEqual([
      {
        topic: 'capture.commands.v1',
        key: 'auth-1',
        value:
          '{"merchantAccountId":"default","authorizationId":"auth-1","captureId":"cap-1","outcome":"declined",' +
          '"connectorEventId":"sandbox:5a0c3a52-8f0d-5b6e-9c07-2d1b7e5a94c8:1795251600000:declined",' +
          '"connectorCaptureId":"sandbox:cap-1","error":{"code":"insufficient_funds","connectorCode":"51",' +
          '"message":"Not enough money"},"occurredAt":"2026-11-21T09:00:00.000Z"}',
        headers: {
          ce_specversion: '1.0',
          ce_id: 'sandbox:5a0c3a52-8f0d-5b6e-9c07-2d1b7e5a94c8:1795251600000:declined',
          ce_type: 'RecordCaptureOutcome',
          ce_source: '/sandbox-connector',
          ce_time: '2026-11-21T09:00:00.000Z',
          ce_correlationid: 'cor-1',
          'content-type': 'application/json',
        },
        isLate: false,
      },
    ]);
  });

  it('has other ids where a restored store makes an event of the same id at another time', () => {
    const ids = [RECORDED_AT, RECORDED_AT + 1].map((recordedAt) =>
      recordsTo(recorded(captureCreated(700), { recordedAt })).map(
        ({ headers }) => headers['ce_id'],
      ),
    );
    expect(new Set(ids.flat()).size).toBe(4);
  });
});

const id = fc.stringMatching(/^[A-Za-z0-9._:~-]{1,128}$/);

const amount = fc.oneof(
  fc.integer({ min: 1, max: 120 }),
  fc.maxSafeNat().filter((n) => n > 0),
);

const anAsking = fc
  .record({
    type: fc.constantFrom(
      'CaptureCreated',
      'CaptureForwarded',
      'CaptureCancelRequested',
      'RefundRequested',
      'RefundVoidRequested',
      'RefundForwarded',
    ),
    data: fc.record({ captureId: id, refundId: id, amount, reason: fc.string() }),
    eventId: fc.uuid(),
    merchantAccountId: id,
    authorizationId: id,
    recordedAt: fc.nat({ max: 4_102_444_800_000 }),
  })
  .map(({ type, data, eventId, merchantAccountId, authorizationId, recordedAt }) =>
    recorded(
      { type, data },
      {
        eventId,
        stream: `authorization-${merchantAccountId}/${authorizationId}`,
        recordedAt,
      },
    ),
  );

const expectSameBytes = (event: RecordedEvent): void => {
  const [first, again] = [recordsTo(event), recordsTo(structuredClone(event))];
  expect(JSON.stringify(again)).toBe(JSON.stringify(first));
  expect(first.length).toBeGreaterThan(0);
};

const expectCommands = (event: RecordedEvent): void => {
  const records = recordsTo(event);
  for (const record of records) {
    const parsed = parseCommand(commandIn(inbound(record)), '2026-11-21T10:00:00.000Z');
    expect(parsed).toMatchObject({ ok: true });
  }
  expect(new Set(records.map(({ headers }) => headers['ce_id'])).size).toBe(records.length);
};

const expectNoThrow = (headers: Readonly<Record<string, string>>, value: string | null): void => {
  const record = inbound({ topic: EVENTS, key: null, value, headers });
  expect(() => heardIn(record)).not.toThrow();
};

describe('whatever is asked', () => {
  test.prop([anAsking])('the same event is answered in the same bytes', expectSameBytes);

  test.prop([anAsking])(
    'the ledger takes every answer for a command, each under an id of its own',
    expectCommands,
  );

  test.prop([
    fc.dictionary(
      fc.constantFrom('ce_id', 'ce_type', 'ce_subject', 'ce_time', 'x'),
      fc.oneof(fc.string(), fc.constantFrom('CaptureCreated', 'authorization-a/b', '2026-11-21')),
    ),
    fc.oneof(fc.string(), fc.json(), fc.constant(null)),
  ])('a record of any kind is heard or passed over, and throws nothing', expectNoThrow);
});

describe('an event that cannot be used', () => {
  const created = recorded(captureCreated(700));
  it.each([
    ['is of a type that nobody knows', { type: 'CaptureTeleported' }, /no type/],
    ['has an id that is none', { eventId: 'a b' }, /no id/],
    ['is of no authorization', { stream: 'ledger-1' }, /not of an authorization/],
    ['is no JSON', { data: '{' }, /no JSON object/],
    ['is no object', { data: 'null' }, /no JSON object/],
    ['is a number', { data: '700' }, /no JSON object/],
    ['names no capture', { data: '{"amount":1}' }, /no captureId/],
    ['names half an amount', { data: '{"captureId":"c","amount":0.5}' }, /no amount/],
    ['names no amount', { data: '{"captureId":"c"}' }, /no amount/],
  ])('is passed over where it %s', (_what, flaw, why) => {
    expect(heardIn(onTopic({ ...created, ...flaw }))).toEqual({
      unusable: expect.stringMatching(why),
    });
  });

  it('is passed over where it has no time', () => {
    const { headers, ...record } = onTopic(created);
    const timeless = { ...record, headers: new Map(headers).set('ce_time', [Buffer.from('soon')]) };
    expect(heardIn(timeless)).toEqual({ unusable: 'no time' });
  });
});
