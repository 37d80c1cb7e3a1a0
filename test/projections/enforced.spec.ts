import * as fc from 'fast-check';
import type { Authorization } from '#capture/authorization.js';
import type { AuthorizationCommand } from '#capture/commands.js';
import { authorizationDecider } from '#capture/decide.js';
import { streamOf } from '#capture/stream-name.js';
import { atRevision, initialDocument } from '#projections/authorization-document.js';
import type { AuthorizationAtRevision } from '#projections/authorization-document.js';
import { captureSequenceOf } from '#projections/capture-sequence.js';
import { foldRecorded } from '#projections/fold-recorded.js';
import { finalCaptureOf } from '#projections/final-capture.js';
import { refundBalanceOf } from '#projections/refund-balance.js';
import type { Sum } from '#projections/views.js';
import { anyCommands } from '../capture/arbitraries.js';
import { create, refund } from '../capture/commands.js';
import { smallWorld, vastWorld } from '../capture/worlds.js';
import { HistoryWriter, key, logOf } from './history-writer.js';
import { identity } from './shown.js';

/** The authorization as it is shown after each command, and the state on which the next is decided. */
const revisionsOf = (commands: readonly AuthorizationCommand[]) => {
  const writer = new HistoryWriter();
  let document = initialDocument(streamOf(key('auth-1')));
  return commands.map((command) => {
    document = foldRecorded(document, logOf([writer.decide(command)])).document;
    return {
      shown: atRevision(document, identity),
      document,
      state: writer.stateOf(key('auth-1')),
    };
  });
};

type Shown = Readonly<{ shown: AuthorizationAtRevision; state: Authorization }>;

const isAccepted = ({ state }: Shown, command: AuthorizationCommand): boolean =>
  authorizationDecider.decide(command, state).outcome === 'accepted';

/** The most that is accepted; undefined where the sum is no amount that could be asked for. */
const asked = (sum: Sum): number | undefined =>
  typeof sum === 'number' && sum > 0 ? sum : undefined;

const capturableIsEnforced = (at: Shown): boolean => {
  const { capturable, takesCaptures } = finalCaptureOf(at.shown);
  const most = asked(capturable);
  if (most === undefined) return !isAccepted(at, create('new', 1));
  return (
    takesCaptures &&
    isAccepted(at, create('new', most)) &&
    (most === Number.MAX_SAFE_INTEGER || !isAccepted(at, create('new', most + 1)))
  );
};

const leftIsEnforced = (at: Shown): boolean =>
  captureSequenceOf(at.shown).captures.every(({ captureId, status }) => {
    const capture = at.state.captures.find((one) => one.captureId === captureId);
    if (status !== 'succeeded' || capture?.voidInFlight) return true;
    const balance = refundBalanceOf(at.shown, captureId);
    const most = balance && asked(balance.left);
    if (most === undefined) return !isAccepted(at, refund('new', 1, captureId));
    const next = authorizationDecider.decide(refund('new', 'next', captureId), at.state);
    return (
      isAccepted(at, refund('new', most, captureId)) &&
      (most === Number.MAX_SAFE_INTEGER || !isAccepted(at, refund('new', most + 1, captureId))) &&
      next.outcome === 'accepted' &&
      next.events.some(
        ({ type, data }) => type === 'RefundRequested' && data.amount === balance?.nextRefundAmount,
      )
    );
  });

describe.each([
  ['small amounts', smallWorld, 100],
  ['amounts near 2^53', vastWorld, 50],
])('after every command, whatever is sent: %s', (_, world, numRuns) => {
  const everyRevision = (holds: (at: Shown) => void) =>
    fc.assert(
      fc.property(anyCommands(world), (commands) => {
        for (const { shown, state } of revisionsOf(commands)) if (shown) holds({ shown, state });
      }),
      { numRuns },
    );

  it('the stored bytes fold to the state on which the next command is decided', () =>
    fc.assert(
      fc.property(anyCommands(world), (commands) => {
        for (const { document, state } of revisionsOf(commands))
          expect(document.state).toEqual(state);
      }),
      { numRuns: numRuns / 2 },
    ));

  it('exactly what is shown as capturable can be captured', () =>
    everyRevision((at) => expect(capturableIsEnforced(at)).toBe(true)));

  it('exactly what is shown as left can be refunded', () =>
    everyRevision((at) => expect(leftIsEnforced(at)).toBe(true)));
});
