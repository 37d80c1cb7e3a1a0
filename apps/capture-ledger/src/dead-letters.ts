import { KafkajsRecordSink } from '#kafka/kafkajs-record-sink.js';
import { readLetter, sentAgain } from '#kafka/kept-letter.js';
import type { KeptLetter } from '#kafka/kept-letter.js';
import { topicNames } from '#kafka/topic-names.js';
import { TopicReader } from '#kafka/topic-reader.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import { systemClock } from '#runtime/system-clock.js';
import { Trouble } from '#runtime/trouble.js';
import { kafkaConnection } from './kafka-connection.js';

/** Records that are sent again at a time. */
const BATCH = 500;

/** The driver's own words: whoever asks is told by what it throws. */
const log = (): void => undefined;

export type Which = Readonly<{ reason?: string }>;

/** Lists the dead letters, one a line, and counts them by reason. */
export const listDeadLetters = (configuration: Configuration, which: Which): Promise<void> =>
  withLetters(configuration, async ({ letters }) => {
    const counts = new Map<string, number>();
    for await (const letter of letters(which)) {
      counts.set(letter.reason, (counts.get(letter.reason) ?? 0) + 1);
      print(lineOf(letter));
    }
    const all = [...counts].map(([reason, count]) => `${reason} ${count}`);
    print(all.length === 0 ? 'There are no dead letters.' : `\n${all.join('   ')}`);
  });

/**
 * Prints one dead letter, its headers and its value, as they came: it may hold what a sender wrote of persons.
 *
 * @throws {Trouble} there is none at this place.
 */
export const showDeadLetter = (configuration: Configuration, place: string): Promise<void> =>
  withLetters(configuration, async ({ letters }) => {
    for await (const letter of letters({})) {
      if (letter.place === place) return show(letter);
    }
    throw new Trouble({
      what: `Cannot show the dead letter ${place}`,
      cause: 'there is none at this place',
      cures: [{ command: 'npm run ledger -- dead-letters list', effect: 'shows where they are' }],
      exitCode: exitCodes.usage,
    });
  });

/**
 * Sends the dead letters of a reason once more, ids and keys unchanged, and tells how far it is. A command
 * that was decided meanwhile is given its recorded answer, so that to replay again is safe.
 */
export const replayDeadLetters = (configuration: Configuration, which: Which): Promise<void> =>
  withLetters(configuration, async ({ letters, publish }) => {
    let sent = 0;
    let lost = 0;
    let batch: KeptLetter[] = [];
    const flush = async (): Promise<void> => {
      await publish(batch);
      sent += batch.length;
      batch = [];
      process.stderr.write(`${sent} sent again\n`);
    };
    for await (const letter of letters(which)) {
      if (letter.record) batch.push(letter);
      else lost += 1;
      if (batch.length === BATCH) await flush();
    }
    if (batch.length > 0) await flush();
    print(
      `${sent} sent again${lost > 0 ? `, ${lost} not: they held card data, and were not kept` : ''}`,
    );
  });

type Letters = Readonly<{
  letters(which: Which): AsyncIterable<KeptLetter>;
  publish(letters: readonly KeptLetter[]): Promise<void>;
}>;

const withLetters = async (
  { kafka, origins }: Configuration,
  task: (letters: Letters) => Promise<void>,
): Promise<void> => {
  const setting = { name: 'KAFKA_BROKERS', origin: origins.KAFKA_BROKERS } as const;
  if (!kafka) {
    throw new Trouble({
      what: 'There are no dead letters to look at',
      cause: 'no brokers are configured',
      setting,
      cures: [
        {
          command: 'KAFKA_BROKERS=localhost:9092 npm run ledger -- dead-letters list',
          effect: 'looks at them',
        },
      ],
      exitCode: exitCodes.usage,
    });
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  try {
    await onKafka(kafka, stopping.signal, task);
  } catch (cause) {
    if (cause instanceof Trouble) throw cause;
    throw new Trouble({
      what: `Cannot use the dead letters on ${kafka.brokers.join(', ')}`,
      cause,
      setting,
      cures: [],
      exitCode: exitCodes.unreachable,
    });
  }
};

const onKafka = async (
  kafka: KafkaConfiguration,
  signal: AbortSignal,
  task: (letters: Letters) => Promise<void>,
): Promise<void> => {
  const clock = systemClock;
  const connection = kafkaConnection(kafka);
  const topics = topicNames(kafka.topicPrefix);
  const groupPrefix = `${kafka.topicPrefix}capture-dead-letters-`;
  const reader = new TopicReader({ connection, clock, log, groupPrefix });
  const observer = { resent: (): void => undefined };
  const sink = new KafkajsRecordSink({ connection, clock, log, observer });
  try {
    await task({
      letters: async function* ({ reason }) {
        for await (const page of reader.read(topics.deadLetters, signal)) {
          for (const letter of page.map(readLetter)) {
            if (reason === undefined || letter.reason === reason) yield letter;
          }
        }
      },
      publish: (letters) =>
        sink.publish(
          letters.flatMap(({ record }) => (record ? sentAgain(record, topics.commands) : [])),
        ),
    });
  } finally {
    await sink.close();
  }
};

const lineOf = ({ place, reason, message, from, commandId, commandType }: KeptLetter): string =>
  [place.padEnd(8), reason.padEnd(18), commandType ?? '-', commandId ?? '-', from, message]
    .map(printable)
    .join('  ');

const show = ({ record, ...letter }: KeptLetter): void => {
  for (const [name, value] of Object.entries(letter)) print(`${name}: ${printable(String(value))}`);
  if (!record) return print('\nIt held card data, and nothing of it is kept.');
  print(`\nkey: ${printable(record.key?.toString() ?? 'none')}`);
  for (const [name, values] of record.headers) {
    for (const value of values) print(`${printable(name)}: ${printable(value.toString())}`);
  }
  print(`\n${printable(record.value?.toString() ?? 'It has no value.')}`);
};

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Text of others on our terminal: without characters that a terminal obeys. */
const printable = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '�');
