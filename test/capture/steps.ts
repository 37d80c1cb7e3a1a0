import type { Authorization } from '#capture/authorization.js';
import type { AuthorizationCommand } from '#capture/commands.js';
import { authorizationDecider, record } from '#capture/decide.js';
import type { AuthorizationDecision } from '#capture/decision.js';
import type { AuthorizationEvent } from '#capture/events.js';

/** A command, what became of it, and what the stream keeps of it. */
export type Step = Readonly<{
  command: AuthorizationCommand;
  decision: AuthorizationDecision;
  events: readonly AuthorizationEvent[];
  before: Authorization;
  after: Authorization;
}>;

export const stepFrom = (before: Authorization, command: AuthorizationCommand): Step => {
  const decision = authorizationDecider.decide(command, before);
  const events = record(command, decision, before);
  const after = events.reduce(authorizationDecider.evolve, before);
  return { command, decision, events, before, after };
};

/** The life of an authorization: each command is decided, recorded and folded as it comes. */
export const stepsOf = (commands: readonly AuthorizationCommand[]): readonly Step[] => {
  const steps: Step[] = [];
  let before = authorizationDecider.initialState;
  for (const command of commands) {
    const step = stepFrom(before, command);
    steps.push(step);
    before = step.after;
  }
  return steps;
};

/** The state that commands come to. */
export const stateOf = (commands: readonly AuthorizationCommand[]): Authorization =>
  stepsOf(commands).at(-1)?.after ?? authorizationDecider.initialState;

export const historyOf = (steps: readonly Step[]): readonly AuthorizationEvent[] =>
  steps.flatMap(({ events }) => events);
