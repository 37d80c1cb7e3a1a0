import { capturedInAll, heldOf, limitOf, overCapturedOf } from '#capture/balances.js';
import { linesOf } from '../../examples/commands/shop-day/day.ts';
import { recordsTo } from './heard.js';
import { Loop } from './loop.js';

let loop: Loop;
beforeEach(async () => {
  loop = await Loop.start();
});
afterEach(() => loop.ledger.stop());

const register = (authorizationId: string, captureMethod: string, amount: number) =>
  loop.ask('RegisterAuthorization', authorizationId, {
    amount,
    currency: 'EUR',
    captureMethod,
    connector: 'any',
    ...(captureMethod === 'automatic' && { captureId: 'cap-1' }),
  });

/** Captures all of it. */
const capture = async (authorizationId: string, amount: number): Promise<void> => {
  await register(authorizationId, 'manual', amount);
  await loop.ask('CreateCapture', authorizationId, { captureId: 'cap-1' });
};

const forward = (authorizationId: string) =>
  loop.ask('ForwardStuckCapture', authorizationId, { captureId: 'cap-1' });

const cancel = (authorizationId: string, reason?: string) =>
  loop.ask('CancelCapture', authorizationId, { captureId: 'cap-1', mode: 'void', reason });

/** As an operator would, who has looked it up. */
const forwardAllThatIsStuck = async (): Promise<void> => {
  for (const [authorizationId, state] of await loop.authorizations()) {
    for (const { captureId, status, refunds } of state.captures) {
      if (status === 'pending')
        await loop.ask('ForwardStuckCapture', authorizationId, { captureId });
      for (const { refundId } of refunds.filter((one) => one.status === 'pending'))
        await loop.ask('ForwardStuckRefund', authorizationId, { captureId, refundId });
    }
  }
  await loop.hear();
};

describe('a ledger whose connector is the sandbox', () => {
  it.each([
    [700, 'succeeded', false, []],
    [701, 'declined', false, []],
    [702, 'failed', false, []],
    [703, 'pending', false, []],
    [704, 'pending', true, []],
    [705, 'succeeded', false, []],
    [706, 'succeeded', false, ['contradictory_outcome']],
    [1, 'declined', false, []],
  ])('brings a capture of %i to %s', async (amount, status, uncertain, anomalies) => {
    await capture('by-hand', amount);
    await register('automatic', 'automatic', amount);
    await loop.hear();
    await loop.hearLate();
    for (const id of ['by-hand', 'automatic']) {
      expect(await loop.capture(id)).toMatchObject({ status, uncertain });
      expect(await loop.anomalies(id)).toEqual(anomalies);
    }
  });

  it.each([703, 704, 705])('lets a capture of %i wait for its success', async (amount) => {
    await capture('auth-1', amount);
    await loop.hear();
    expect(await loop.capture('auth-1')).toMatchObject({ status: 'pending' });
  });

  it.each([701, 702, 703, 704])('confirms a capture of %i that is forwarded', async (amount) => {
    await capture('auth-1', amount);
    await loop.hear();
    expect(await forward('auth-1')).toMatchObject({ outcome: 'accepted' });
    await loop.hear();
    expect(await loop.capture('auth-1')).toMatchObject({ status: 'succeeded', uncertain: false });
    expect(await loop.anomalies('auth-1')).toEqual([]);
    const events = await loop.ledger.store.readStream('authorization-default/auth-1');
    expect(events.at(-1)).toMatchObject({ type: 'CommandHadNoEffect' });
  });

  it.each([700, 703, 704, 705])('takes a capture of %i back', async (amount) => {
    await capture('auth-1', amount);
    await loop.hear();
    await cancel('auth-1');
    await loop.hear();
    expect(await loop.capture('auth-1')).toMatchObject({ status: 'canceled', voidInFlight: false });
    await loop.hearLate();
    expect(await loop.capture('auth-1')).toMatchObject({ status: 'canceled' });
    expect(await loop.anomalies('auth-1')).toEqual([]);
  });

  it('fails to take a capture back where its reason says so', async () => {
    await capture('auth-1', 700);
    await loop.hear();
    await cancel('auth-1', 'too late: 02');
    await loop.hear();
    expect(await loop.capture('auth-1')).toMatchObject({
      status: 'succeeded',
      voidInFlight: false,
    });
  });

  it.each([
    [100, 'succeeded', []],
    [101, 'declined', []],
    [102, 'failed', []],
    [103, 'pending', []],
    [104, 'pending', []],
    [105, 'succeeded', []],
    [106, 'succeeded', ['contradictory_outcome']],
  ])('brings a refund of %i to %s', async (amount, status, anomalies) => {
    await capture('auth-1', 700);
    await loop.hear();
    await loop.ask('RefundCapture', 'auth-1', { captureId: 'cap-1', refundId: 'ref-1', amount });
    await loop.hear();
    await loop.hearLate();
    expect(await loop.refund('auth-1')).toMatchObject({ status });
    expect(await loop.anomalies('auth-1')).toEqual(anomalies);
  });

  it('confirms a refund that is forwarded, and voids one that is taken back', async () => {
    for (const id of ['forwarded', 'voided']) await capture(id, 700);
    await loop.hear();
    const refund = { captureId: 'cap-1', refundId: 'ref-1' };
    for (const id of ['forwarded', 'voided'])
      await loop.ask('RefundCapture', id, { ...refund, amount: 103 });
    await loop.hear();
    await loop.ask('ForwardStuckRefund', 'forwarded', refund);
    await loop.ask('VoidRefund', 'voided', refund);
    await loop.hear();
    expect(await loop.refund('forwarded')).toMatchObject({ status: 'succeeded' });
    expect(await loop.refund('voided')).toMatchObject({ status: 'voided' });
  });

  it('decides nothing again of what it is told again', async () => {
    for (const [index, amount] of [700, 701, 702, 703, 704, 705, 706].entries())
      await capture(`auth-${index}`, amount);
    await loop.hear();
    await loop.hearLate();
    const events = await loop.ledger.store.readAll(0, Infinity);
    await loop.tell(events.flatMap((event) => recordsTo(event)));
    expect(await loop.ledger.store.readAll(0, Infinity)).toEqual(events);
  });

  it('brings every capture and refund of a day of a shop to an end', async () => {
    // What the connector tells is told by the sandbox here, and not by the file.
    const asked = linesOf({ seed: 5, authorizations: 200 })
      .map((line) => (isJson(line) ? line : '{}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ type }) => typeof type === 'string' && !type.endsWith('Outcome'));
    for (const { type, commandId, ...said } of asked) {
      const body = JSON.stringify(said);
      await loop.ledger.gateway.receive({
        type: String(type),
        commandId: String(commandId),
        body,
      });
      await loop.hear();
    }
    await loop.hearLate();
    await forwardAllThatIsStuck();
    const all = [...(await loop.authorizations()).values()];
    const authorizations = all.filter(({ registered }) => registered);
    const captures = authorizations.flatMap((state) => state.captures);
    expect(captures.length).toBeGreaterThan(100);
    expect(statusesOf(captures)).toEqual(expect.arrayContaining(['canceled', 'declined']));
    expect(captures.filter(({ voidInFlight }) => voidInFlight)).toEqual([]);
    const refunds = captures.flatMap((one) => one.refunds);
    expect(refunds.length).toBeGreaterThan(10);
    expect(statusesOf([...captures, ...refunds])).not.toContain('requested');
    expect(statusesOf([...captures, ...refunds])).not.toContain('pending');
    for (const state of authorizations) {
      expect(overCapturedOf(state)).toBe(0n);
      expect(heldOf(state)).toBeLessThanOrEqual(limitOf(state));
      expect(capturedInAll(state)).toBe(heldOf(state));
    }
  });
});

const statusesOf = (all: readonly Readonly<{ status: string }>[]): readonly string[] => [
  ...new Set(all.map(({ status }) => status)),
];

const isJson = (line: string): boolean => {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
};
