import { expect } from '@jest/globals';
import { captureById, refundById } from '#capture/authorization.js';
import type { Authorization, CaptureStatus, RefundStatus } from '#capture/authorization.js';
import * as balances from '#capture/balances.js';
import type { AuthorizationCommand } from '#capture/commands.js';
import { authorizationDecider, record } from '#capture/decide.js';
import { fold } from '#capture/decider.js';
import type { AnomalyKind, AuthorizationEvent, RejectionDetails } from '#capture/events.js';
import type { Rejection } from '#capture/rejections.js';

/** What an authorization shows of itself: numbers in minor units. */
type Shown = Readonly<{
  limit: number;
  held: number;
  captured: number;
  capturable: number;
  released: number;
  overCaptured: number;
  takesCaptures: boolean;
  closed: boolean;
  status: balances.AuthorizationStatus;
}>;

type ShownOfCapture = Readonly<{
  status: CaptureStatus;
  uncertain: boolean;
  voidInFlight: boolean;
  sequence: number;
  left: number;
  nextRefundAmount: number;
  overRefunded: number;
}>;

/** A stream from its first command on: each is decided, recorded and folded as it comes. */
export const storyOf = (...commands: readonly AuthorizationCommand[]) => {
  let history: readonly AuthorizationEvent[] = [];
  const state = () => fold(authorizationDecider, history);
  const send = (command: AuthorizationCommand) => {
    const before = state();
    const decision = authorizationDecider.decide(command, before);
    history = [...history, ...record(command, decision, before)];
    return decision;
  };
  const story = {
    accepts: (...accepted: readonly AuthorizationCommand[]) => {
      for (const command of accepted) {
        const decision = send(command);
        expect(decision.outcome).toBe('accepted');
        expect('events' in decision && decision.events.length).toBeGreaterThan(0);
      }
    },
    /** Facts come as they come: some change nothing, and none is refused. */
    tells: (facts: readonly AuthorizationCommand[]) => {
      for (const fact of facts) expect(send(fact).outcome).toBe('accepted');
    },
    ignores: (command: AuthorizationCommand) =>
      expect(send(command)).toEqual({ outcome: 'accepted', events: [] }),
    refuses: (command: AuthorizationCommand, reason: Rejection, details: RejectionDetails = {}) =>
      expect(send(command)).toMatchObject({ outcome: 'rejected', reason, details }),
    shows: (shown: Partial<Shown>) => expect(shownBy(state())).toMatchObject(shown),
    showsCapture: (captureId: string, shown: Partial<ShownOfCapture>) =>
      expect(shownOf(state(), captureId)).toMatchObject(shown),
    showsRefund: (refundId: string, status: RefundStatus) =>
      expect(refundById(state(), refundId)?.refund.status).toBe(status),
    hasAnomalies: (...kinds: readonly AnomalyKind[]) =>
      expect(anomaliesIn(history).toSorted()).toEqual(kinds.toSorted()),
  };
  story.accepts(...commands);
  return story;
};

/** Every order in which things can come. */
export const ordersOf = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, index) =>
        ordersOf(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
      );

/** All that an authorization shows, but not how it came to it. */
export const shownBy = (state: Authorization) => ({
  limit: Number(balances.limitOf(state)),
  held: Number(balances.heldOf(state)),
  captured: Number(balances.capturedInAll(state)),
  capturable: Number(balances.capturableOf(state)),
  released: Number(balances.releasedOf(state)),
  overCaptured: Number(balances.overCapturedOf(state)),
  takesCaptures: balances.takesCaptures(state),
  closed: balances.isClosed(state),
  status: state.registered && balances.statusOf(state, state.registered),
  captures: state.captures.map(({ captureId }) => shownOf(state, captureId)),
});

const shownOf = (state: Authorization, captureId: string) => {
  const capture = captureById(state, captureId);
  if (!capture) return undefined;
  const { status, uncertain, voidInFlight, sequence, amount, refunds } = capture;
  return {
    captureId,
    status,
    uncertain,
    voidInFlight,
    sequence,
    amount,
    left: Number(balances.leftOf(capture)),
    nextRefundAmount: Number(balances.nextRefundAmountOf(capture)),
    overRefunded: Number(balances.overRefundedOf(capture)),
    refunds: refunds.map((refund) => [refund.refundId, refund.amount, refund.status]),
  };
};

const anomaliesIn = (history: readonly AuthorizationEvent[]): readonly AnomalyKind[] =>
  history.flatMap(({ type, data }) => (type === 'CaptureAnomalyDetected' ? [data.kind] : []));
