import type { Decided } from '#commands/answer.js';
import type { IncomingCommand } from '#commands/incoming-command.js';
import type { Clock } from '#runtime/clock.js';
import { answerRecord } from './answer-record.js';
import { answersTo } from './answered-group.js';
import type { Answered } from './answered-group.js';
import type { CommandSource, InboundGroup } from './command-source.js';
import type { CopySink } from './copy-sink.js';
import { deadLetterOf } from './dead-letter.js';
import { GroupHeartbeat } from './group-heartbeat.js';
import type { KafkaObserver } from './kafka-observer.js';
import { publishWhileOurs } from './publish-while-ours.js';
import type { RecordSink } from './record-sink.js';
import type { OutRecord } from './records.js';
import { replyCopy } from './reply-copy.js';
import type { TopicNames } from './topic-names.js';

/** Milliseconds that a group waits for copies which its callers want, at most. */
const COPIES_MS_MAX = 1_000;

export type CommandConsumerParts = Readonly<{
  source: CommandSource;
  /** Topics of our own: answers and dead letters. */
  sink: RecordSink;
  /** Topics of callers. */
  copies: CopySink;
  /** `CommandGateway.receive`. */
  answer: (incoming: IncomingCommand) => Promise<Decided>;
  topics: TopicNames;
  /** The topics that callers may name for copies. */
  replyTopics: RegExp;
  clock: Clock;
  observer: KafkaObserver;
}>;

/**
 * Commands from Kafka: each record is answered, and only then its offset committed. A group that dies on
 * the way comes again, and what was decided is found decided.
 */
export class CommandConsumer {
  readonly #parts: CommandConsumerParts;

  constructor(parts: CommandConsumerParts) {
    this.#parts = parts;
  }

  start(): Promise<void> {
    return this.#parts.source.start((group) => this.#work(group));
  }

  /** Resolves when the group under way is answered and committed. */
  stop(): Promise<void> {
    return this.#parts.source.stop();
  }

  async #work(group: InboundGroup): Promise<void> {
    const { answer, sink, clock, observer, copies } = this.#parts;
    const since = clock.now();
    const heartbeat = new GroupHeartbeat(group, clock);
    observer.holding(oldestOf(group, since));
    try {
      const answered = await answersTo(group.records, { answer, heartbeat, clock });
      heartbeat.mustBeOurs();
      const answers = answered.map((one) => this.#answerRecord(one));
      const letters = answered.flatMap((one) => this.#deadLetter(one));
      await publishWhileOurs([...answers, ...letters], { sink, heartbeat, clock, observer });
      this.#tellDeadLetters(answered);
      heartbeat.mustBeOurs();
      await copies.copy(this.#copies(answered, answers), COPIES_MS_MAX);
      heartbeat.mustBeOurs();
    } finally {
      heartbeat.stop();
      observer.holding(undefined);
    }
    observer.worked({ records: group.records.length, milliseconds: clock.now() - since });
  }

  #answerRecord({ record, decided }: Answered): OutRecord {
    return answerRecord(decided, record, this.#parts.topics.answers);
  }

  #deadLetter({ record, decided }: Answered): readonly OutRecord[] {
    const { deadLetter } = decided;
    const { deadLetters } = this.#parts.topics;
    return deadLetter ? [deadLetterOf(record, decided, deadLetter, deadLetters)] : [];
  }

  #tellDeadLetters(answered: readonly Answered[]): void {
    for (const { record, decided } of answered) {
      const { deadLetter } = decided;
      if (deadLetter) this.#parts.observer.deadLettered({ reason: deadLetter.reason, at: record });
    }
  }

  #copies(answered: readonly Answered[], answers: readonly OutRecord[]): readonly OutRecord[] {
    const { replyTopics, clock, topics, observer } = this.#parts;
    const ours = new Set<string>(Object.values(topics));
    const refused: KafkaObserver['copyFailed'] = (...why) => observer.copyFailed(...why);
    const rules = { replyTopics, ours, now: clock.now(), refused };
    return answered
      .map(({ record }, index) => replyCopy(answers[index]!, record, rules))
      .filter((copy) => copy !== undefined);
  }
}

/** The timestamp of the oldest record of a group; timestamps are as its senders set them, or none. */
const oldestOf = ({ records }: InboundGroup, now: number): number =>
  records.reduce(
    (oldest, { timestamp }) => (timestamp > 0 ? Math.min(oldest, timestamp) : oldest),
    now,
  );
