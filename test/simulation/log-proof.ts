// What must hold of the log when all is over, whatever happened on the way.
import type { Authorization } from '#capture/authorization.js';
import { decide, record } from '#capture/decide.js';
import type { AuthorizationEvent } from '#capture/events.js';
import { evolve, initialState } from '#capture/evolve.js';
import { canonicalJson } from '#event-store/canonical.js';
import { verifyChain } from '#event-store/chain.js';
import type { DecodedEvent } from '#event-store/event-codec.js';
import { decode } from '#projections/fold-recorded.js';
import * as sums from '../capture/sums.js';
import type { Findings } from './findings.js';
import { idOfLetter } from './letters.js';
import type { Letter } from './letters.js';
import type { SimulatedLog } from './simulated-log.js';

type Recorded = DecodedEvent<AuthorizationEvent>;

/** Every stream is whole, and is what one decider makes of its commands, one after another. */
export const proveLog = (log: SimulatedLog, letters: readonly Letter[], findings: Findings) => {
  const sent = new Map(letters.map((letter) => [idOfLetter(letter), letter]));
  for (const stream of log.streams()) {
    const events = log.ofStream(stream);
    try {
      verifyChain(stream, events);
    } catch (error) {
      findings.violated('chain_broken', String(error));
    }
    proveDecisions(stream, decisionsIn(events.map(decode)), sent, findings);
  }
};

const decisionsIn = (events: readonly Recorded[]): readonly (readonly Recorded[])[] => {
  const decisions: Recorded[][] = [];
  for (const event of events) {
    if (event.metadata.commandIndex === 0) decisions.push([]);
    decisions.at(-1)?.push(event);
  }
  return decisions;
};

/**
 * Decides each command again on the state that the log gives it. A decision that comes out otherwise
 * was made on a state that never was.
 */
const proveDecisions = (
  stream: string,
  decisions: readonly (readonly Recorded[])[],
  sent: ReadonlyMap<string, Letter>,
  findings: Findings,
): void => {
  let state = initialState;
  for (const events of decisions) {
    const { commandId = '', fingerprint = '' } = events[0]?.metadata ?? {};
    const command = sent.get(idOfLetter({ stream, command: { commandId }, fingerprint }))?.command;
    const what = `${stream} revision ${events[0]?.revision} (${commandId})`;
    if (!command) return findings.violated('command_ids_confused', `${what}: nobody sent it`);
    const again = record(command, decide(command, state), state);
    if (contentsOf(again) !== contentsOf(events))
      findings.violated('decided_on_a_state_that_never_was', `${what}: ${contentsOf(events)}`);
    for (const event of events) {
      const next = evolve(state, event);
      proveStep(what, event, state, next, findings);
      state = next;
    }
  }
};

const contentsOf = (events: readonly AuthorizationEvent[]): string =>
  canonicalJson(events.map(({ type, data }) => ({ type, data })));

const proveStep = (
  what: string,
  { metadata: { commandType } }: Recorded,
  before: Authorization,
  after: Authorization,
  findings: Findings,
): void => {
  const violated = (which: string) => findings.violated('invariant_broken', `${what}: ${which}`);
  const ofFact = commandType.startsWith('Record');
  if (!ofFact && sums.overCaptured(after) > sums.overCaptured(before)) violated('over the limit');
  if (after.captures.some(({ sequence }, index) => sequence !== index + 1)) violated('sequence');
  for (const [index, capture] of after.captures.entries()) {
    const known = before.captures[index];
    const over = known ? sums.overRefunded(known) : 0n;
    if (!ofFact && sums.overRefunded(capture) > over) violated('refunded more than captured');
  }
};
