import type { Decided } from '#commands/answer.js';
import type { SubmittedCommand } from '#commands/submitted-command.js';
import { hashOfEvent, hashOfStreamName } from '#event-store/chain.js';
import type { EventMetadata } from '#event-store/event-codec.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import type { Findings } from './findings.js';
import { idOfLetter } from './letters.js';
import type { Letter } from './letters.js';

/** What the log says of a command, once it says anything. */
type Decision = { readonly fingerprint: string; readonly first: number; last: number };

type Witnessed = { hash: string; latest: string; readonly decisions: Map<string, Decision> };

/** Which run of a process took a command, and as its how-manieth. */
export type Taken = Readonly<{ by: string; place: number }>;

/**
 * Sees every event as it is recorded and every answer as it leaves its process, whether or not anybody
 * hears it, and holds the ones against the others. What it knows it has from the log alone.
 */
export class Witness {
  readonly #findings: Findings;
  readonly #streams = new Map<string, Witnessed>();
  readonly #answers = new Map<string, Readonly<{ answer: string; created: string }>>();
  readonly #latest = new Map<string, Readonly<{ place: number; revision: number }>>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  recorded(event: RecordedEvent): void {
    const { stream, revision } = event;
    const witnessed = this.#streamNamed(stream);
    const metadata = JSON.parse(event.metadata) as EventMetadata;
    const { commandId, commandIndex, fingerprint, previous } = metadata;
    const what = `${stream} revision ${revision} (${event.type} of ${commandId})`;
    if (previous !== witnessed.hash) this.#findings.violated('chain_broken', what);
    const decision = witnessed.decisions.get(commandId);
    const goesOn =
      decision !== undefined &&
      witnessed.latest === commandId &&
      commandIndex === revision - decision.first;
    if (decision && !goesOn) this.#findings.violated('decided_twice', what);
    if (decision) decision.last = revision;
    else witnessed.decisions.set(commandId, { fingerprint, first: revision, last: revision });
    witnessed.hash = hashOfEvent(event);
    witnessed.latest = commandId;
  }

  answered(submitted: SubmittedCommand, decided: Decided, taken: Taken): void {
    const { answer, created } = decided;
    const told = { answer: JSON.stringify(answer), created: created ?? 'nothing' };
    const what = `${submitted.stream} ${submitted.command.commandId}: ${told.answer}`;
    if (answer.outcome === 'failed') return this.#findings.violated('alarm', what);
    const one = idOfLetter(submitted);
    const before = this.#answers.get(one);
    this.#answers.set(one, before ?? told);
    if (before && (before.answer !== told.answer || before.created !== told.created))
      this.#findings.violated('answers_differ', `${what}, but before: ${before.answer}`);
    this.#holdAgainstLog(submitted, decided, taken, what);
  }

  /** The bytes of the answer that a process has given to it. */
  told(letter: Letter): string | undefined {
    return this.#answers.get(idOfLetter(letter))?.answer;
  }

  /** `since`: where the stream was when the command was taken; `revision`: where it is said to be. */
  refused({ command, stream, ifMatch }: SubmittedCommand, revision: number, since: number): void {
    this.#findings.meet('revision not the one wanted');
    if (revision < since || revision === ifMatch)
      this.#findings.violated(
        'precondition_misjudged',
        `${stream} ${command.commandId}: ifMatch ${ifMatch}, refused at ${revision}, after ${since}`,
      );
  }

  #holdAgainstLog(
    { command, stream, fingerprint, ifMatch }: SubmittedCommand,
    { answer, repeat }: Decided,
    taken: Taken,
    what: string,
  ): void {
    const decision = this.#streams.get(stream)?.decisions.get(command.commandId);
    const refused = answer.reason === 'command_id_reused';
    if (!decision && !refused) return this.#findings.violated('acknowledged_and_lost', what);
    if (!decision || refused === (decision.fingerprint === fingerprint))
      return this.#findings.violated('command_ids_confused', what);
    if (refused) return this.#findings.meet('command id reused');
    if (decision.last !== answer.revision)
      this.#findings.violated('answers_differ', `${what}, but it ends at ${decision.last}`);
    if (repeat) return this.#findings.meet('answered again');
    if (ifMatch !== undefined && decision.first !== ifMatch + 1)
      this.#findings.violated('precondition_misjudged', `${what}, ifMatch ${ifMatch}`);
    this.#holdAgainstOrder(stream, decision.last, taken, what);
  }

  /** What one process decides for one authorization, it decides in the order in which it came. */
  #holdAgainstOrder(stream: string, revision: number, { by, place }: Taken, what: string): void {
    const before = this.#latest.get(`${by} ${stream}`);
    if (before && (before.place > place || before.revision > revision))
      this.#findings.violated('overtaken', `${what}, after revision ${before.revision}`);
    this.#latest.set(`${by} ${stream}`, { place, revision });
  }

  #streamNamed(stream: string): Witnessed {
    let witnessed = this.#streams.get(stream);
    if (!witnessed) {
      witnessed = { hash: hashOfStreamName(stream), latest: '', decisions: new Map() };
      this.#streams.set(stream, witnessed);
    }
    return witnessed;
  }
}
