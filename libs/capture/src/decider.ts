/** A pure decision-maker: what happened (`evolve`), and what may happen next (`decide`). */
export type Decider<State, Command, Event, Rejection> = Readonly<{
  initialState: State;
  evolve: (state: State, event: Event) => State;
  decide: (command: Command, state: State) => Decision<Event, Rejection>;
}>;

/** A refusal is an answer, not a failure: it is returned and never thrown. */
export type Decision<Event, Rejection> =
  | Readonly<{ outcome: 'accepted'; events: readonly Event[] }>
  | Readonly<{
      outcome: 'rejected';
      reason: Rejection;
      details: Readonly<Record<string, string | number | boolean>>;
    }>;

export const fold = <State, Event>(
  { initialState, evolve }: Pick<Decider<State, never, Event, never>, 'initialState' | 'evolve'>,
  history: Iterable<Event>,
): State => {
  let state = initialState;
  for (const event of history) state = evolve(state, event);
  return state;
};

/** For the `default` of a switch that the types say is complete: should data say otherwise, stop. */
export const unreachable = (value: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
};
