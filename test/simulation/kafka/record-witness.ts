import { isFact } from '#capture/commands.js';
import type { Answer } from '#commands/answer.js';
import { DEAD_LETTER_HEADERS } from '#kafka/dead-letter.js';
import { headerText } from '#kafka/headers.js';
import type { InboundRecord } from '#kafka/records.js';
import type { Findings } from '../findings.js';
import { idOfLetter } from '../letters.js';
import type { Letter } from '../letters.js';
import type { Witness } from '../witness.js';
import { CORRELATION } from './letter-record.js';

/** What somebody sent under a correlation id. */
export type Sent = Letter | 'poison';

/**
 * Sees every answer, dead letter and offset at the moment at which the broker has it, whoever wrote it,
 * and holds them against what was sent, and against the log.
 */
export class RecordWitness {
  readonly #findings: Findings;
  readonly #witness: Witness;
  readonly #sent = new Map<string, Sent>();
  /** By correlation id. */
  readonly #answers = new Map<string, Answer>();
  /** What is to be the same for ever, by whom it belongs to. */
  readonly #bytes = new Map<string, string>();
  /** By the place of the record that they are of. */
  readonly #deadLetters = new Map<string, InboundRecord>();

  constructor(findings: Findings, witness: Witness) {
    this.#findings = findings;
    this.#witness = witness;
  }

  sent(correlation: string, what: Sent): void {
    this.#sent.set(correlation, what);
  }

  /** What was sent as this record. */
  sentAs(record: InboundRecord): Sent | undefined {
    return this.#sent.get(correlationOf(record));
  }

  answered(record: InboundRecord): void {
    const correlation = correlationOf(record);
    const sent = this.#sent.get(correlation);
    const value = String(record.value);
    const what = `${correlation}: ${value}`;
    if (!sent) return this.#findings.violated('answers_differ', `${what}, and nobody asked`);
    const answer = JSON.parse(value) as Answer;
    this.#answers.set(correlation, answer);
    // Whoever drops repeats by their id must not miss anything.
    this.#holdAgainstBefore(`ce_id ${idOf(record)}`, record, what);
    const isDecision = answer.revision !== undefined;
    if (isDecision && sent !== 'poison') this.#holdAgainstBefore(idOfLetter(sent), record, what);
    if (sent === 'poison') {
      if (answer.outcome !== 'invalid') this.#findings.violated('alarm', what);
      return this.#findings.meet('poison');
    }
    if (value !== this.#witness.told(sent)) this.#findings.violated('answers_differ', what);
    if (record.headers.has('ledger-repeat')) this.#findings.meet('answer published again');
  }

  deadLettered(record: InboundRecord): void {
    const { topic, partition, offset } = DEAD_LETTER_HEADERS;
    const [where = '', ...at] = [topic, partition, offset].map((name) =>
      headerText(record.headers, name),
    );
    const place = [where, ...at].join('/');
    this.#deadLetters.set(place, record);
    this.#holdAgainstBefore(`dead letter of ${place}`, record, place);
  }

  /** A caller's own topic gets what the topic of answers has. */
  copied(record: InboundRecord): void {
    this.#findings.meet('copy written');
    const sent = this.sentAs(record);
    const value = String(record.value);
    if (typeof sent !== 'object' || value !== this.#witness.told(sent))
      this.#findings.violated('answers_differ', `copied to ${record.topic}: ${value}`);
  }

  /** Nothing of what an offset passes may be lost with the process that committed it. */
  committed(passed: readonly InboundRecord[]): void {
    for (const record of passed) this.#expectSettled(record, 'committed_too_early');
  }

  /** When all is over. */
  prove(records: readonly InboundRecord[]): void {
    for (const record of records) this.#expectSettled(record, 'record_lost');
  }

  #expectSettled(record: InboundRecord, broken: 'committed_too_early' | 'record_lost'): void {
    const correlation = correlationOf(record);
    const place = placeOf(record);
    const answer = this.#answers.get(correlation);
    const what = `${correlation} at ${place}`;
    if (!answer) return this.#findings.violated(broken, `${what} has no answer`);
    const due = this.#isForDeadLetters(answer, this.#sent.get(correlation));
    const deadLetter = this.#deadLetters.get(place);
    if (due && !deadLetter) this.#findings.violated(broken, `${what} has no dead letter`);
    if (!due && deadLetter) this.#findings.violated('alarm', `${what} is a dead letter`);
    if (deadLetter && contentsOf(deadLetter) !== contentsOf(record))
      this.#findings.violated(broken, `${what} is not what its dead letter says`);
  }

  /** A record that is no command, and a fact that is recorded nowhere. */
  #isForDeadLetters({ outcome, reason }: Answer, sent: Sent | undefined): boolean {
    if (outcome === 'invalid') return true;
    const fact = typeof sent === 'object' && isFact(sent.command);
    return fact && reason === 'command_id_reused';
  }

  #holdAgainstBefore(owner: string, { key, value, headers }: InboundRecord, what: string): void {
    const lasting = [...headers].filter(([name]) => !OF_ONE_TRY.has(name));
    const bytes = [key, value, ...lasting].map(String).join('\n');
    const before = this.#bytes.get(owner);
    this.#bytes.set(owner, before ?? bytes);
    if (before !== undefined && before !== bytes)
      this.#findings.violated('answers_differ', `${what}: ${bytes}, but before: ${before}`);
  }
}

/** Of an answer: whom it is for, and whether it was given before. */
const OF_ONE_TRY: ReadonlySet<string> = new Set([CORRELATION, 'ce_correlationid', 'ledger-repeat']);

export const correlationOf = ({ headers }: InboundRecord): string =>
  headerText(headers, CORRELATION) ?? '';

const idOf = ({ headers }: InboundRecord): string => headerText(headers, 'ce_id') ?? '';

const contentsOf = ({ key, value }: InboundRecord): string => `${String(key)}\n${String(value)}`;

const placeOf = ({ topic, partition, offset }: InboundRecord): string =>
  `${topic}/${partition}/${offset}`;
