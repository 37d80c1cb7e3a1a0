import type { AuthorizationCommand, Fact } from '#capture/commands.js';
import {
  cancel,
  create,
  refund,
  register,
  tell,
  tellCancel,
  tellRefund,
  voidRefund,
} from './commands.js';
import { at } from './fixtures.js';
import { stateOf } from './steps.js';
import { ordersOf, shownBy } from './story.js';

/** What truly happened, minute by minute, after what we asked for ourselves. */
type Course = Readonly<{
  asked?: readonly AuthorizationCommand[];
  facts: readonly Fact[];
  end: Readonly<Record<string, unknown>>;
}>;

const register100 = register({ captureMethod: 'manual_multiple' });
const capture60 = [register100, create('c1', 60_00)];
const refund25 = [...capture60, tell('succeeded', { occurredAt: at(1) }), refund('r1', 25_00)];

const is =
  (outcome: Parameters<typeof tell>[0], captureId = 'c1') =>
  (minute: number) =>
    tell(outcome, { captureId, occurredAt: at(minute) });
const refundIs = (outcome: Parameters<typeof tellRefund>[0]) => (minute: number) =>
  tellRefund(outcome, { occurredAt: at(minute) });
const voidIs = (outcome: Parameters<typeof tellCancel>[0]) => (minute: number) =>
  tellCancel(outcome, { occurredAt: at(minute) });

const inOrder = (...facts: readonly ((minute: number) => Fact)[]): readonly Fact[] =>
  facts.map((fact, index) => fact(10 + index));

const taken = { captured: 60_00, held: 60_00, capturable: 40_00 };
const nothing = { captured: 0, held: 0, capturable: 100_00 };
const endsAs = (status: string, numbers: object) => ({
  ...numbers,
  captures: [{ status, voidInFlight: false }],
});
const refundEndsAs = (status: string, left: number) => ({
  captures: [{ left, refunds: [['r1', 25_00, status]] }],
});

const courses: Readonly<Record<string, Course>> = {
  success: { facts: inOrder(is('pending'), is('succeeded')), end: endsAs('succeeded', taken) },
  decline: { facts: inOrder(is('pending'), is('declined')), end: endsAs('declined', nothing) },
  'failure, then a late success': {
    facts: inOrder(is('pending'), is('failed'), is('succeeded')),
    end: endsAs('succeeded', taken),
  },
  'success, then reversal': {
    facts: inOrder(is('pending'), is('succeeded'), is('reversed')),
    end: endsAs('failed', nothing),
  },
  'success, reversal, recapture': {
    facts: inOrder(is('succeeded'), is('reversed'), is('succeeded')),
    end: endsAs('succeeded', taken),
  },
  'success and reversal at the same instant': {
    facts: [is('succeeded')(10), is('reversed')(10)],
    end: endsAs('failed', nothing),
  },
  'recaptured and reversed again': {
    facts: inOrder(is('succeeded'), is('reversed'), is('succeeded'), is('reversed')),
    end: endsAs('failed', nothing),
  },
  'failure, late success, reversal, recapture': {
    facts: inOrder(is('failed'), is('succeeded'), is('reversed'), is('succeeded')),
    end: endsAs('succeeded', taken),
  },
  void: {
    asked: [cancel('void')],
    facts: inOrder(is('pending'), voidIs('succeeded')),
    end: endsAs('canceled', nothing),
  },
  'void after success': {
    asked: [cancel('void')],
    facts: inOrder(is('pending'), is('succeeded'), voidIs('succeeded')),
    end: endsAs('canceled', nothing),
  },
  'void that nobody asked for': {
    facts: inOrder(is('succeeded'), voidIs('succeeded')),
    end: endsAs('canceled', nothing),
  },
  'void that fails, then success': {
    asked: [cancel('void')],
    facts: inOrder(is('pending'), voidIs('failed'), is('succeeded')),
    end: endsAs('succeeded', taken),
  },
  'canceled, then captured anew': {
    facts: inOrder(is('succeeded'), voidIs('succeeded'), is('succeeded')),
    end: endsAs('succeeded', taken),
  },
  'void asked, canceled, then captured anew': {
    asked: [cancel('void')],
    facts: inOrder(is('succeeded'), voidIs('succeeded'), is('succeeded')),
    end: endsAs('succeeded', taken),
  },
  'void asked, canceled before any success, then captured': {
    asked: [cancel('void')],
    facts: inOrder(voidIs('succeeded'), is('succeeded')),
    end: endsAs('succeeded', taken),
  },
  'void asked, reversed, recaptured': {
    asked: [cancel('void')],
    facts: inOrder(is('succeeded'), is('reversed'), is('succeeded')),
    end: endsAs('succeeded', taken),
  },
  'uncertain, then success': {
    facts: inOrder(is('uncertain'), is('succeeded')),
    end: endsAs('succeeded', taken),
  },
  'uncertain, pending, then failure': {
    facts: inOrder(is('uncertain'), is('pending'), is('failed')),
    end: endsAs('failed', nothing),
  },
  'two captures, one of them late': {
    asked: [create('c2', 40_00)],
    facts: inOrder(is('failed'), is('succeeded', 'c2'), is('succeeded')),
    end: { captured: 100_00, closed: true, status: 'succeeded' },
  },
  'refund succeeds': {
    facts: inOrder(refundIs('pending'), refundIs('succeeded')),
    end: refundEndsAs('succeeded', 35_00),
  },
  'refund declined': {
    facts: inOrder(refundIs('pending'), refundIs('declined')),
    end: refundEndsAs('declined', 60_00),
  },
  'refund fails, then succeeds late': {
    facts: inOrder(refundIs('pending'), refundIs('failed'), refundIs('succeeded')),
    end: refundEndsAs('succeeded', 35_00),
  },
  'refund reversed': {
    facts: inOrder(refundIs('pending'), refundIs('succeeded'), refundIs('reversed')),
    end: refundEndsAs('failed', 60_00),
  },
  'refund reversed and made again': {
    facts: inOrder(refundIs('succeeded'), refundIs('reversed'), refundIs('succeeded')),
    end: refundEndsAs('succeeded', 35_00),
  },
  'refund voided': {
    asked: [voidRefund()],
    facts: inOrder(refundIs('pending'), refundIs('voided')),
    end: refundEndsAs('voided', 60_00),
  },
  'refund voided after it succeeded': {
    asked: [voidRefund()],
    facts: inOrder(refundIs('succeeded'), refundIs('voided')),
    end: refundEndsAs('voided', 60_00),
  },
  'refund in flight while its capture is reversed': {
    facts: inOrder(refundIs('pending'), is('reversed'), refundIs('succeeded')),
    end: { captures: [{ status: 'failed', left: 0, overRefunded: 25_00 }] },
  },
  'refund in flight while its capture is reversed and recaptured': {
    facts: inOrder(is('reversed'), refundIs('succeeded'), is('succeeded')),
    end: { captures: [{ status: 'succeeded', left: 35_00, overRefunded: 0 }] },
  },
};

describe.each(Object.entries(courses))('%s', (name, { asked = [], facts, end }) => {
  const told = (order: readonly Fact[]) => shownBy(stateOf([...begin, ...order]));
  const begin = [...(name.startsWith('refund') ? refund25 : capture60), ...asked];

  it('ends the same in whatever order it is told', () => {
    for (const order of ordersOf(facts)) expect(told(order)).toMatchObject(end);
  });

  it('ends the same when each fact is told twice', () => {
    for (const order of ordersOf(facts)) {
      expect(told([...order, ...order])).toMatchObject(end);
      expect(told([...order, ...order.toReversed()])).toMatchObject(end);
      expect(told(order.flatMap((fact) => [fact, fact]))).toMatchObject(end);
    }
  });

  it('ends the same when each fact has a name of its own at the connector', () => {
    const named = facts.map((fact, index) =>
      fact.type === 'RecordCancelOutcome' ? fact : { ...fact, connectorEventId: `evt-${index}` },
    );
    for (const order of ordersOf(named)) {
      expect(told(order)).toMatchObject(end);
      expect(told([...order, ...order.toReversed()])).toMatchObject(end);
    }
  });
});
