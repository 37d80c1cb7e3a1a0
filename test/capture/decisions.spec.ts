import * as fc from 'fast-check';
import type { Authorization } from '#capture/authorization.js';
import { isFact } from '#capture/commands.js';
import type { AuthorizationCommand } from '#capture/commands.js';
import { authorizationDecider } from '#capture/decide.js';
import { fold } from '#capture/decider.js';
import type { AuthorizationEvent } from '#capture/events.js';
import { anyCommands, anyOtherCommand, anyOtherFact } from './arbitraries.js';
import { shownBy } from './story.js';
import { historyOf, stateOf, stepFrom, stepsOf } from './steps.js';
import { smallWorld, vastWorld } from './worlds.js';

describe.each([
  ['small amounts', smallWorld],
  ['amounts near 2^53', vastWorld],
])('a decision: %s', (_, world) => {
  const any = anyCommands(world);
  const anyOther = anyOtherCommand(world);

  it('is of the command and the state alone, whoever sends it, when and under what id', () =>
    fc.assert(
      fc.property(any, anyOther, (commands, command) => {
        const state = stateOf(commands);
        const first = stepFrom(state, command);
        const elsewhere = { merchantAccountId: 'm-2', authorizationId: 'auth-2' };
        const later = { commandId: 'another', issuedAt: '2031-01-01T00:00:00.000Z', actor: 'anna' };
        const again = stepFrom(state, { ...command, ...elsewhere, ...later });
        expect([again.decision, again.events]).toEqual([first.decision, first.events]);
      }),
    ));

  it('changes nothing that it is made of', () =>
    fc.assert(
      fc.property(any, (commands) => {
        let state: Authorization = authorizationDecider.initialState;
        for (const command of commands) {
          const { events } = stepFrom(frozen(state), frozen(command));
          state = frozen(events).reduce(authorizationDecider.evolve, state);
        }
        expect(state).toEqual(stateOf(commands));
      }),
    ));

  it('is always there: a command may come at any time, also first', () =>
    fc.assert(
      fc.property(any, ([, ...others]) => {
        const unregistered = others.filter(({ type }) => type !== 'RegisterAuthorization');
        const steps = stepsOf(unregistered);
        const refused = { type: 'CommandRejected', data: { reason: 'authorization_unknown' } };
        expect(steps).toMatchObject(
          steps.map(({ command }) => ({
            events: [isFact(command) ? { data: { fact: {} } } : refused],
          })),
        );
      }),
    ));

  it('never refuses a fact', () =>
    fc.assert(
      fc.property(any, anyOtherFact(world), (commands, fact) =>
        expect(stepFrom(stateOf(commands), fact).decision.outcome).toBe('accepted'),
      ),
      { numRuns: 200 },
    ));

  it('changes nothing that is shown when it is a refusal, without effect, or an anomaly alone', () =>
    fc.assert(
      fc.property(any, (commands) => {
        const silent = stepsOf(commands).filter(({ events }) => !events.some(changes));
        expect(silent.map(({ after }) => shownButVoids(after))).toEqual(
          silent.map(({ before }) => shownButVoids(before)),
        );
      }),
    ));

  it('is the same thing again when the same id comes with the same terms, whatever came since', () =>
    fc.assert(
      fc.property(any, (commands) => {
        const made = stepsOf(commands).filter(
          ({ command, decision }) => makes.has(command.type) && decision.outcome === 'accepted',
        );
        const again = made.flatMap(({ command, events }) => [command, ...inFull(command, events)]);
        expect(decidedOn(stateOf(commands), again)).toEqual(
          again.map(() => ({ outcome: 'accepted', events: [] })),
        );
      }),
    ));

  it('comes to the same state when its events are read back, in whatever order of members', () =>
    fc.assert(
      fc.property(any, (commands) => {
        const steps = stepsOf(commands);
        const stored = JSON.stringify(historyOf(steps));
        const readBack = JSON.parse(stored, inOrder) as AuthorizationEvent[];
        expect(readBack).toStrictEqual(historyOf(steps));
        expect(fold(authorizationDecider, readBack)).toStrictEqual(stateOf(commands));
        expect(decidedOn(fold(authorizationDecider, readBack), commands)).toEqual(
          decidedOn(stateOf(commands), commands),
        );
      }),
    ));
});

const traces = new Set<string>(['CommandRejected', 'CommandHadNoEffect', 'CaptureAnomalyDetected']);
const changes = ({ type }: AuthorizationEvent): boolean => !traces.has(type);

/** A void may be over with a fact that changes nothing else: invariant 7 says which. */
const shownButVoids = (state: Authorization) => {
  const { captures, ...shown } = shownBy(state);
  return { ...shown, captures: captures.map((capture) => ({ ...capture, voidInFlight: null })) };
};

const makes = new Set<string>(['RegisterAuthorization', 'CreateCapture', 'RefundCapture']);

/** The same command with the terms said that its sender had left to us. */
const inFull = (
  command: AuthorizationCommand,
  [event]: readonly AuthorizationEvent[],
): readonly AuthorizationCommand[] => {
  if (command.type === 'CreateCapture' && event?.type === 'CaptureCreated') {
    const { amount, currency, final } = event.data;
    return [{ ...command, amount, currency, final }];
  }
  if (command.type === 'RefundCapture' && event?.type === 'RefundRequested') {
    const { captureId, amount } = event.data;
    return [{ ...command, captureId, amount }];
  }
  return [];
};

const decidedOn = (state: Authorization, commands: readonly AuthorizationCommand[]) =>
  commands.map((command) => authorizationDecider.decide(command, state));

/** Whoever tries to change it meets a TypeError. */
const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
};

/** As RFC 8785 writes an object: its members sorted. */
const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
