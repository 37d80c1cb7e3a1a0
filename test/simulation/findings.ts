/** Which promise was broken. */
export type Broken =
  /** An answer was given, and nothing of its command is in the log. */
  | 'acknowledged_and_lost'
  | 'decided_twice'
  /** Not the answer that was given before, or not the one that the log gives. */
  | 'answers_differ'
  /** A command id that stands for one command was answered for another, or the other way round. */
  | 'command_ids_confused'
  /** Decided before one of its authorization that had come earlier: to the same process, or by the topic. */
  | 'overtaken'
  /** Decided although the stream was not at the revision that the sender wanted, or refused although it was. */
  | 'precondition_misjudged'
  /** An offset was committed past a record whose answer, or whose dead letter, is not there yet. */
  | 'committed_too_early'
  /** All is over, and a record has no answer, or its dead letter is not there. */
  | 'record_lost'
  | 'chain_broken'
  /** Deciding it on what the log has before it comes to something else. */
  | 'decided_on_a_state_that_never_was'
  | 'invariant_broken'
  | 'views_differ'
  /** An event is on its topic more than once. */
  | 'published_twice'
  /** An event is not on its topic, and later ones are; or all is over. */
  | 'event_missing'
  /** Of the publication: it says that events are published which are not. */
  | 'checkpoint_ahead'
  /** A view was published after a newer one of the same key. */
  | 'view_set_back'
  /** Trouble that nothing which happened here may lead to. */
  | 'alarm'
  /** Everything was well again, and somebody still waits. */
  | 'stuck';

export type Violation = Readonly<{ broken: Broken; what: string }>;

/** What a simulation has found, and what it has met: trouble that never came has tested nothing. */
export class Findings {
  readonly violations: Violation[] = [];
  readonly #overlooked: Broken | undefined;
  readonly #met = new Map<string, number>();

  /** @param overlooked is not looked for, so that it can be seen what comes of it. */
  constructor(overlooked?: Broken) {
    this.#overlooked = overlooked;
  }

  violated(broken: Broken, what: string): void {
    if (broken !== this.#overlooked) this.violations.push({ broken, what });
  }

  /** A function of its own, so that it can be handed on. */
  readonly meet = (what: string): void => {
    this.#met.set(what, (this.#met.get(what) ?? 0) + 1);
  };

  get met(): ReadonlyMap<string, number> {
    return this.#met;
  }
}
