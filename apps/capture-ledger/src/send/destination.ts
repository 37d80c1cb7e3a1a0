import { topicNames } from '#kafka/topic-names.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { Clock } from '#runtime/clock.js';
import type { Configuration } from '#runtime/configuration.js';
import { Trouble } from '#runtime/trouble.js';
import type { TroubleReport } from '#runtime/trouble.js';
import type { CommandSink } from './command-sink.js';
import { HttpCommandSink } from './http-command-sink.js';
import { KafkaCommandSink } from './kafka-command-sink.js';

/** Where the commands of a run go. */
export type Destination = Readonly<{
  /** What it is known by from run to run. */
  name: string;
  /** @throws {Trouble} nobody is there. */
  open(): Promise<CommandSink>;
  unreachable(cause: unknown): Trouble;
  /** What to ask oneself where no answer comes; undefined: whoever is not there is noticed at once. */
  silence?: string;
}>;

export const overHttp = (url: URL, concurrency: number): Destination => ({
  name: url.origin,
  open: () => Promise.resolve(new HttpCommandSink(url, concurrency)),
  unreachable: (cause) =>
    new Trouble({
      what: `Cannot reach a ledger at ${url.origin}`,
      cause,
      cures: [
        { command: 'npm start', effect: 'starts one; the same command again goes on from here' },
        { command: 'npm run send -- FILE --url URL', effect: 'sends to another' },
      ],
      exitCode: exitCodes.unreachable,
    }),
});

/** @throws {Trouble} no brokers are configured. */
export const overKafka = ({ kafka, origins }: Configuration, clock: Clock): Destination => {
  const setting = { name: 'KAFKA_BROKERS', origin: origins.KAFKA_BROKERS } as const;
  const cures = [
    { command: 'npm run kafka', effect: 'starts a broker on this machine' },
    { command: 'KAFKA_BROKERS=localhost:9092 npm start', effect: 'starts a ledger on it' },
    { command: 'npm run send -- FILE', effect: 'sends over HTTP' },
  ];
  if (!kafka) {
    throw new Trouble({
      what: 'Cannot send over Kafka',
      cause: 'no brokers are configured',
      setting,
      cures,
      exitCode: exitCodes.usage,
    });
  }
  const brokers = kafka.brokers.join(', ');
  const trouble = (what: string, cause: unknown): Trouble => {
    const report: TroubleReport = { what, cause, setting, cures, exitCode: exitCodes.unreachable };
    return new Trouble(report);
  };
  return {
    name: `kafka ${brokers} ${kafka.topicPrefix}`.trimEnd(),
    open: async () => {
      const sink = new KafkaCommandSink(kafka, clock);
      await sink.open().catch((cause: unknown) => {
        throw trouble(`Cannot use Kafka at ${brokers}`, cause);
      });
      return sink;
    },
    unreachable: (cause) => trouble(`No ledger answers over Kafka at ${brokers}`, cause),
    silence: `is a ledger taking commands from ${topicNames(kafka.topicPrefix).commands} at ${brokers}?`,
  };
};
