// The invariants of the plan (domain.md) that are of an authorization as a whole, by their numbers.
import * as balances from '#capture/balances.js';
import { isFact } from '#capture/commands.js';
import { everyChange, everyRevision, leaves, noneNegative } from './every.js';
import type { Invariant } from './every.js';
import * as sums from './sums.js';

export const authorizationInvariants: Readonly<Record<string, Invariant>> = {
  '1: no command makes the over-captured more, or takes the limit under what is held': (step) => {
    const { command, before, after } = step;
    if (isFact(command)) return true;
    const narrower = sums.held(after) > sums.held(before) || sums.limit(after) < sums.limit(before);
    return (
      sums.overCaptured(after) <= sums.overCaptured(before) &&
      (!narrower || sums.held(after) <= sums.limit(after))
    );
  },

  '1: what a fact over-captures has its anomaly beside it, each time it grows': ({
    events,
    before,
    after,
  }) => leaves(events, 'over_captured') === sums.overCaptured(after) > sums.overCaptured(before),

  '1: only facts leave anomalies': ({ command, events }) =>
    isFact(command) || !events.some(({ type }) => type === 'CaptureAnomalyDetected'),

  '2: automatic has the one capture of its registration, all of it': ({ after }) => {
    const { registered, captures } = after;
    if (registered?.terms.captureMethod !== 'automatic') return true;
    const [only] = captures;
    const whole = only?.final === true && only.amount === registered.terms.amount;
    return captures.length === 1 && whole;
  },

  '2: manual has final captures only': ({ after: { registered, captures } }) =>
    registered?.terms.captureMethod !== 'manual' || captures.every(({ final }) => final),

  '2, 3: a command captures where captures are taken, and at most what is capturable': (step) => {
    const { command, before, after } = step;
    const more = sums.held(after) - sums.held(before);
    if (isFact(command) || command.type === 'RegisterAuthorization' || more <= 0n) return true;
    const taken = sums.takesCaptures(before) && more <= sums.capturable(before);
    return taken && sums.liveIn(after).length <= sums.room(after);
  },

  '4: captures are numbered 1, 2, 3 without gap, each under an id of its own': ({ after }) =>
    after.captures.every(({ sequence }, index) => sequence === index + 1) &&
    new Set(after.captures.map(({ captureId }) => captureId)).size === after.captures.length,

  '4: a capture keeps its number, amount and terms': everyChange(
    (is, was) =>
      is.captureId === was.captureId &&
      is.sequence === was.sequence &&
      is.amount === was.amount &&
      is.currency === was.currency &&
      is.final === was.final,
  ),

  '5: voided and expired are for good, and touch no capture': ({ command, before, after }) => {
    const was = before.registered?.standing ?? 'open';
    const is = after.registered?.standing ?? 'open';
    if (was === is) return true;
    const asked = is === 'voided' ? 'VoidAuthorization' : 'ExpireAuthorization';
    const idle = is === 'expired' || sums.inFlight(before).length === 0;
    return was === 'open' && command.type === asked && idle && after.captures === before.captures;
  },

  '10: limit + over-captured = capturable + held + released, none negative': everyRevision(
    (state) => {
      const [limit, over] = [balances.limitOf(state), balances.overCapturedOf(state)];
      const held = balances.heldOf(state);
      const [capturable, released] = [balances.capturableOf(state), balances.releasedOf(state)];
      return (
        limit + over === capturable + held + released &&
        noneNegative(limit, over, held, capturable, released)
      );
    },
  ),

  '10: limit, held, capturable and over-captured are what the plan says': everyRevision(
    (state) =>
      balances.limitOf(state) === sums.limit(state) &&
      balances.heldOf(state) === sums.held(state) &&
      balances.capturableOf(state) === sums.capturable(state) &&
      balances.takesCaptures(state) === sums.takesCaptures(state) &&
      balances.overCapturedOf(state) === sums.overCaptured(state),
  ),

  '11: a capture has the currency of its authorization': everyRevision(({ registered, captures }) =>
    captures.every(({ currency }) => currency === registered?.terms.currency),
  ),
};
