import {
  adjusted,
  at,
  authorization,
  automatic,
  captured,
  declined,
  expired,
  failed,
  finalCapture,
  forwarded,
  multiple,
  pending,
  requested,
  reversed,
  succeeded,
  uncertain,
  voided,
} from '../capture/fixtures.js';
import { after, showsNothing } from './shown.js';

describe('the captures in sequence', () => {
  it('come in order of creation, those that failed with their own number', () => {
    const { captures } = after(
      multiple(),
      captured('c1', 30_00),
      requested('c2', 40_00, { sequence: 2 }),
      failed('c2'),
      requested('c3', 70_00, { sequence: 3 }),
      uncertain('c3'),
    ).captureSequence();

    expect(captures).toEqual([
      { captureId: 'c1', sequence: 1, amount: 30_00, status: 'succeeded', ...inBrief },
      { captureId: 'c2', sequence: 2, amount: 40_00, status: 'failed', ...inBrief },
      {
        captureId: 'c3',
        sequence: 3,
        amount: 70_00,
        status: 'pending',
        ...inBrief,
        uncertain: true,
      },
    ]);
  });

  it('say whose they are, and which revision of what they show', () => {
    expect(after(authorization(), finalCapture('c1', 1)).captureSequence()).toMatchObject({
      merchantAccountId: 'default',
      authorizationId: 'auth-1',
      currency: 'EUR',
      ledger: {
        stream: 'authorization-default/auth-1',
        revision: 1,
        position: 2,
        shard: 0,
        epoch: 1,
        viewVersion: 1,
      },
      captures: [{ final: true }],
    });
  });
});

const inBrief = { currency: 'EUR', uncertain: false, final: false };

describe('what an authorization holds', () => {
  const nothingYet = {
    authorized: 100_00,
    limit: 100_00,
    held: 0,
    captured: 0,
    pending: 0,
    capturable: 100_00,
    released: 0,
    overCaptured: 0,
    takesCaptures: true,
    closed: false,
    finalCaptureId: null,
    status: 'requires_capture',
  };

  it.each([
    ['registered', [authorization()], {}],
    [
      'one capture of several, and another on its way',
      [multiple(), captured('c1', 30_00), requested('c2', 40_00, { sequence: 2 })],
      {
        held: 70_00,
        captured: 30_00,
        pending: 40_00,
        capturable: 30_00,
        status: 'partially_captured_and_capturable',
      },
    ],
    [
      'a final capture in flight: the rest is set aside',
      [authorization(), finalCapture('c1', 60_00), pending('c1')],
      {
        held: 60_00,
        pending: 60_00,
        capturable: 0,
        released: 40_00,
        takesCaptures: false,
        finalCaptureId: 'c1',
        status: 'processing',
      },
    ],
    [
      'the final capture declined: the rest comes back',
      [authorization(), finalCapture('c1', 60_00), declined('c1')],
      {},
    ],
    [
      'the final capture succeeded: closed, the rest released',
      [authorization(), finalCapture('c1', 60_00), succeeded('c1')],
      {
        held: 60_00,
        captured: 60_00,
        capturable: 0,
        released: 40_00,
        takesCaptures: false,
        closed: true,
        finalCaptureId: 'c1',
        status: 'partially_captured',
      },
    ],
    [
      'captured beyond the limit by a late success',
      [
        authorization(),
        finalCapture('c1', 100_00),
        failed('c1'),
        captured('c2', 60_00, { sequence: 2, final: true }),
        succeeded('c1', 12),
      ],
      {
        held: 160_00,
        captured: 160_00,
        capturable: 0,
        overCaptured: 60_00,
        takesCaptures: false,
        closed: true,
        finalCaptureId: 'c1',
        status: 'succeeded',
      },
    ],
    [
      'adjusted',
      [authorization(), adjusted(120_00)],
      { authorized: 120_00, limit: 120_00, capturable: 120_00 },
    ],
    [
      'with over-capture',
      [authorization({ overCapture: { percentage: 10 } })],
      { limit: 110_00, capturable: 110_00 },
    ],
    [
      'voided',
      [authorization(), voided],
      { capturable: 0, released: 100_00, takesCaptures: false, status: 'voided' },
    ],
  ] as const)('%s', (_, history, numbers) => {
    expect(after(...history).finalCapture()).toMatchObject({ ...nothingYet, ...numbers });
  });

  it('is written in digits where no number can hold it', () => {
    const greatest = Number.MAX_SAFE_INTEGER;
    const { held, overCaptured, authorized } = after(
      authorization({ amount: greatest }),
      finalCapture('c1', greatest),
      failed('c1'),
      captured('c2', greatest, { sequence: 2, final: true }),
      succeeded('c1', 12),
    ).finalCapture();

    expect([held, overCaptured, authorized]).toEqual(['18014398509481982', greatest, greatest]);
  });
});

describe('an authorization', () => {
  it('shows its terms, as adjusted, with what it holds and its captures in brief', () => {
    const terms = {
      captureMethod: 'manual_multiple',
      connector: 'adyen',
      mode: 'test',
      paymentId: 'pay-1',
      maxCaptures: 3,
      expiresAt: at(59),
      network: 'visa',
    } as const;
    const shown = after(
      authorization(terms),
      adjusted(90_00),
      requested('c1', 10_00),
    ).authorization();

    expect(shown).toMatchObject({
      ...terms,
      authorized: 90_00,
      capturable: 80_00,
      standing: 'open',
      overCapture: null,
      externalIdentifier: null,
      orderRef: null,
      captures: [{ captureId: 'c1', sequence: 1 }],
      createdAt: at(0),
      updatedAt: at(2),
    });
  });

  it.each([
    ['voided', [authorization(), voided]],
    ['expired', [authorization(), expired]],
  ] as const)('says that it is %s', (standing, history) => {
    expect(after(...history).authorization()).toMatchObject({ standing });
  });

  it('is not news where a command is refused or changes nothing', () => {
    const refused = {
      type: 'CommandRejected',
      data: { commandType: 'CreateCapture', reason: 'currency_differs', details: {} },
    } as const;
    const ignored = { type: 'CommandHadNoEffect', data: { commandType: 'VoidRefund' } } as const;
    expect(after(authorization(), refused, ignored).authorization()).toMatchObject({
      updatedAt: at(0),
      ledger: { revision: 2 },
    });
  });

  it('is not shown where only a refusal, or a fact about something unknown, stands in its stream', () => {
    const fact = {
      type: 'RecordCaptureOutcome',
      captureId: 'c1',
      outcome: 'succeeded',
      occurredAt: at(1),
    } as const;
    const lost = {
      type: 'CaptureAnomalyDetected',
      data: { kind: 'unknown_capture', captureId: 'c1', fact },
    } as const;
    expect(showsNothing(lost)).toBe(true);
    expect(after(lost, authorization()).authorization()).toMatchObject({ createdAt: at(1) });
  });

  it('is created with its one capture where it captures automatically', () => {
    expect(after(...automatic, forwarded('c1')).authorization()).toMatchObject({
      status: 'succeeded',
      takesCaptures: false,
    });
    expect(after(...automatic, succeeded('c1'), reversed('c1', 12)).authorization()).toMatchObject({
      status: 'failed',
    });
  });
});
