import { randomUUID } from 'node:crypto';
import type { Answer, Decided } from '#commands/answer.js';
import { AnswerListener } from '#kafka/answer-listener.js';
import { headerText } from '#kafka/headers.js';
import { KafkajsRecordSink } from '#kafka/kafkajs-record-sink.js';
import type { InboundRecord, OutRecord } from '#kafka/records.js';
import { topicNames } from '#kafka/topic-names.js';
import type { TopicNames } from '#kafka/topic-names.js';
import type { Clock } from '#runtime/clock.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import { kafkaConnection } from './kafka-connection.js';

/** A command as a record: what is told by headers, and the members as JSON. */
export type CommandRecord = Readonly<{
  type: string;
  commandId: string;
  /** The record's key; '' where the command names none, which makes it invalid. */
  authorizationId: string;
  body: Buffer | string;
  /** CloudEvents' `source`: who sends. */
  source: string;
}>;

/** The driver's own words: whoever asks is told by what it throws. */
const log = (): void => undefined;

type Waiting = PromiseWithResolvers<Pick<Decided, 'answer' | 'repeat'>>;

/** Sends commands to the topic of commands, and hears their answers on the topic of answers. */
export class KafkaCaller {
  readonly #topics: TopicNames;
  readonly #sink: KafkajsRecordSink;
  readonly #listener: AnswerListener;
  /** What an answer is known by: it comes back with it, whatever else is wrong with the command. */
  readonly #run = randomUUID();
  readonly #waiting = new Map<string, Waiting>();
  #gathered: OutRecord[] = [];
  #asked = 0;

  constructor(kafka: KafkaConfiguration, clock: Clock) {
    const connection = kafkaConnection(kafka);
    this.#topics = topicNames(kafka.topicPrefix);
    const observer = { resent: (): void => undefined };
    this.#sink = new KafkajsRecordSink({ connection, clock, log, observer });
    this.#listener = new AnswerListener({
      connection,
      topic: this.#topics.answers,
      groupPrefix: kafka.topicPrefix,
      log,
      heard: (answer) => this.#heard(answer),
    });
  }

  /** @throws kafkajs' error: the cluster cannot be reached, or has no topic of answers. */
  open(): Promise<void> {
    return this.#listener.start();
  }

  /**
   * The answer to a command, whenever it comes; for ever, if it does not.
   *
   * @param signal aborted, the answer is not waited for any more.
   * @throws kafkajs' error: it is not known whether the command was written; or the signal's reason.
   */
  async ask(
    command: CommandRecord,
    signal: AbortSignal,
  ): Promise<Pick<Decided, 'answer' | 'repeat'>> {
    this.#asked += 1;
    const correlation = `${this.#run}/${this.#asked}`;
    const waiting: Waiting = Promise.withResolvers();
    const giveUp = (): void => waiting.reject(signal.reason);
    this.#waiting.set(correlation, waiting);
    signal.addEventListener('abort', giveUp);
    this.#gather(recordOf(command, correlation, this.#topics.commands));
    try {
      return await waiting.promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
      this.#waiting.delete(correlation);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#sink.close(), this.#listener.stop()]);
  }

  /** What is asked in one turn goes out together. */
  #gather(record: OutRecord): void {
    this.#gathered.push(record);
    if (this.#gathered.length === 1) setImmediate(() => void this.#publish());
  }

  async #publish(): Promise<void> {
    const records = this.#gathered;
    this.#gathered = [];
    try {
      await this.#sink.publish(records);
    } catch (error) {
      for (const { headers } of records) {
        this.#waiting.get(String(headers['kafka_correlationId']))?.reject(error);
      }
    }
  }

  #heard({ headers, value }: InboundRecord): void {
    const waiting = this.#waiting.get(headerText(headers, 'kafka_correlationId') ?? '');
    if (!waiting || value === null) return;
    const answer = JSON.parse(value.toString()) as Answer;
    waiting.resolve({ answer, repeat: headerText(headers, 'ledger-repeat') === 'true' });
  }
}

const recordOf = (
  { type, commandId, authorizationId, body, source }: CommandRecord,
  correlation: string,
  topic: string,
): OutRecord => ({
  topic,
  key: authorizationId,
  value: body,
  headers: {
    ce_specversion: '1.0',
    ce_id: commandId,
    ce_type: type,
    ce_source: source,
    'content-type': 'application/json',
    kafka_correlationId: correlation,
  },
});
