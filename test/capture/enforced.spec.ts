import * as fc from 'fast-check';
import type { Authorization, Capture } from '#capture/authorization.js';
import { capturableOf, heldOf, leftOf, nextRefundAmountOf } from '#capture/balances.js';
import type { AuthorizationCommand } from '#capture/commands.js';
import { authorizationDecider } from '#capture/decide.js';
import { anyCommands } from './arbitraries.js';
import { adjust, create, forward, refund, setNextRefund } from './commands.js';
import { stateOf } from './steps.js';
import { smallWorld, vastWorld } from './worlds.js';

describe.each([
  ['small amounts', smallWorld],
  ['amounts near 2^53', vastWorld],
])('what is shown is what is enforced: %s', (_, world) => {
  const afterAny = (holds: (state: Authorization) => void): void =>
    fc.assert(
      fc.property(anyCommands(world), (commands) => holds(stateOf(commands))),
      { numRuns: 100 },
    );

  it('all that is capturable is captured, and not one cent more', () =>
    afterAny((state) => {
      const capturable = capturableOf(state);
      const ask = (amount: bigint) => taken(create('new', Number(amount)), state);
      const open = capturable > 0n;
      expect({
        all: taken(create('new', 'all'), state),
        asMuch: open && ask(capturable),
        less: ask(1n),
        more: capturable < GREATEST && ask(capturable + 1n),
      }).toEqual({
        all: open && Number(capturable),
        asMuch: open && Number(capturable),
        less: open && 1,
        more: false,
      });
    }));

  it('what ended is forwarded while its amount is capturable, and not otherwise', () =>
    afterAny((state) => {
      const ended = state.captures.filter(
        ({ status }) => status === 'declined' || status === 'failed',
      );
      expect(ended.filter(({ captureId }) => accepts(forward(captureId), state))).toEqual(
        ended.filter(({ amount }) => BigInt(amount) <= capturableOf(state)),
      );
    }));

  it('all that is left is refunded, and not one cent more', () =>
    afterAny((state) => {
      const asked = ({ captureId }: Capture, left: bigint) => ({
        next: taken(refund('new', 'next', captureId), state),
        asMuch: left > 0n && taken(refund('new', Number(left), captureId), state),
        less: taken(refund('new', 1, captureId), state),
        more: left < GREATEST && taken(refund('new', Number(left + 1n), captureId), state),
        setNext: left > 0n && accepts(setNextRefund(Number(left), captureId), state),
      });
      const enforced = state.captures.map((capture) => asked(capture, leftOf(capture)));
      const shown = state.captures.map((capture) => {
        const open = isRefundable(capture, 1);
        return {
          next: open && Number(nextRefundAmountOf(capture)),
          asMuch: open && Number(leftOf(capture)),
          less: open && 1,
          more: false,
          setNext: open,
        };
      });
      expect(enforced).toEqual(shown);
    }));

  it('a refund without a capture is of the first that can bear it, and refused where none can', () =>
    afterAny((state) => {
      const amounts = [1, 10, 30, 2 ** 52];
      const bearing = (amount: number) =>
        state.captures.find((capture) => isRefundable(capture, amount))?.captureId;
      expect(amounts.map((amount) => refundedBy(refund('new', amount, null), state))).toEqual(
        amounts.map(bearing),
      );
      expect(refundedBy(refund('new', 'next', null), state)).toBe(bearing(1));
    }));

  it('an authorization that takes captures is adjusted down to what is held, and no further', () =>
    afterAny((state) => {
      const held = heldOf(state);
      fc.pre(capturableOf(state) > 0n && held > 1n && !state.registered?.terms.overCapture);
      expect(accepts(adjust(Number(held)), state)).toBe(true);
      expect(accepts(adjust(Number(held - 1n)), state)).toBe(false);
    }));
});

const GREATEST = BigInt(Number.MAX_SAFE_INTEGER);

const isRefundable = (capture: Capture, amount: number): boolean =>
  capture.status === 'succeeded' && !capture.voidInFlight && leftOf(capture) >= BigInt(amount);

const accepts = (command: AuthorizationCommand, state: Authorization): boolean =>
  authorizationDecider.decide(command, state).outcome === 'accepted';

const eventOf = (command: AuthorizationCommand, state: Authorization) => {
  const decision = authorizationDecider.decide(command, state);
  return decision.outcome === 'accepted' ? decision.events[0] : undefined;
};

/** The amount that a capture or a refund was created with, or false where it was refused. */
const taken = (command: AuthorizationCommand, state: Authorization): number | false => {
  const event = eventOf(command, state);
  return event?.type === 'CaptureCreated' || event?.type === 'RefundRequested'
    ? event.data.amount
    : false;
};

const refundedBy = (command: AuthorizationCommand, state: Authorization): string | undefined => {
  const event = eventOf(command, state);
  return event?.type === 'RefundRequested' ? event.data.captureId : undefined;
};
