import { expect } from '@jest/globals';
import { fold } from '#capture/decider.js';
import type { Decider, Decision } from '#capture/decider.js';

/** What happened: events, and courses of events, in order. */
export type History<Event> = readonly (Event | readonly Event[])[];

/**
 * A decider's specification by example:
 * `given(history).when(command).then(events) | .thenNothing() | .thenRejected(reason, details)`.
 *
 * Events are compared strictly, for a member that was not said is absent and not `undefined`. Of the
 * details only those that are named are compared.
 */
export const specificationOf =
  <State, Command, Event extends object, Rejection>(
    decider: Decider<State, Command, Event, Rejection>,
  ) =>
  (...history: History<Event>) => ({
    when: (command: Command) => outcomeOf(decideOn(decider, history, command)),
  });

/** The state that a history comes to. */
export const stateAfter = <State, Event extends object>(
  decider: Pick<Decider<State, never, Event, never>, 'initialState' | 'evolve'>,
  history: History<Event>,
): State => fold(decider, history.flat() as Event[]);

const decideOn = <State, Command, Event extends object, Rejection>(
  decider: Decider<State, Command, Event, Rejection>,
  history: History<Event>,
  command: Command,
): Decision<Event, Rejection> => decider.decide(command, stateAfter(decider, history));

const outcomeOf = <Event, Rejection>(decision: Decision<Event, Rejection>) => ({
  // oxlint-disable-next-line unicorn/no-thenable -- given, when, then: nobody awaits a specification
  then: (...events: readonly Event[]): void =>
    expect(decision).toStrictEqual({ outcome: 'accepted', events }),
  thenNothing: (): void => expect(decision).toStrictEqual({ outcome: 'accepted', events: [] }),
  thenRejected: (
    reason: Rejection,
    details: Readonly<Record<string, string | number | boolean>> = {},
  ): void => {
    expect(decision).toMatchObject({ outcome: 'rejected', reason });
    expect(decision).toHaveProperty('details', expect.objectContaining(details));
  },
});
