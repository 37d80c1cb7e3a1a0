import type { Decided } from '#commands/answer.js';
import type { Environment } from '#runtime/configuration.js';
import { startLedger } from '../ledger.js';
import type { RunningLedger } from '../ledger.js';
import { expectThat } from './expectation.js';
import { post } from './kill-before-answer.js';
import type { SentCommand } from './sent-command.js';
import { KafkaShop } from './shop.js';
import type { Shop } from './shop.js';

type Answered = Pick<Decided, 'answer' | 'repeat'>;

/** How commands travel from the shop to the ledger, and answers back. */
export type Way = Readonly<{
  /** For a person. */
  name: string;
  /** Of the ledger's processes. */
  environment: Environment;
  shop: Shop;
  /** How a command that was not answered comes to be answered after the restart. */
  again: string;
  startLedger(): Promise<RunningLedger>;
  /** For a ledger that dies before it answers. */
  send(command: SentCommand): Readonly<{
    /** Sends it; `url` is where that ledger listens. */
    to: (url: string) => void;
    answeredAfterRestart: () => Promise<Answered>;
  }>;
  close(): Promise<void>;
}>;

/** Longer than any of it takes: a demo that hangs shows nothing. */
const WITHIN_MS = 60_000;

/** Commands are handed over in this process; the one before the kill goes over HTTP. */
export const inProcess = (environment: Environment): Way => {
  let ledger: RunningLedger | undefined;
  const running = (): RunningLedger => {
    if (!ledger) throw new Error('no ledger is running');
    return ledger;
  };
  return {
    name: 'in process',
    environment,
    again: 'sent again',
    shop: { send: (command) => running().gateway.receive(command) },
    startLedger: async () => (ledger = await startLedger({ environment })),
    send: (command) => {
      let answered: Promise<string | undefined> = Promise.resolve(undefined);
      return {
        to: (url) => {
          answered = post(url, command);
        },
        answeredAfterRestart: async () => {
          const answer = await answered;
          expectThat(answer === undefined, 'no answer before the restart', answer);
          return running().gateway.receive(command);
        },
      };
    },
    close: () => Promise.resolve(),
  };
};

/** Everything over topics; the killed ledger's command is delivered again by the broker. */
export const overKafka = (told: Environment): Way => {
  const environment: Environment = {
    LEDGER_KAFKA_TOPIC_PREFIX: 'demo.',
    LEDGER_KAFKA_PARTITIONS: '3',
    // The broker waits for so long before it gives the killed ledger's partitions to the next one.
    LEDGER_KAFKA_SESSION_TIMEOUT_MS: '6000',
    ...told,
  };
  let shop: KafkaShop | undefined;
  const send = (command: SentCommand): Promise<Answered> => {
    if (!shop) throw new Error('no ledger was started');
    return shop.send(command);
  };
  return {
    name: `Kafka ${environment['KAFKA_BROKERS']}`,
    environment,
    again: 'delivered again',
    shop: { send },
    startLedger: async () => {
      const ledger = await startLedger({ environment });
      await consumes(ledger);
      // The ledger has made the topics, where it may.
      shop ??= await KafkaShop.open(environment);
      return ledger;
    },
    send: (command) => {
      const answered = Promise.withResolvers<Answered>();
      return {
        to: () => void send(command).then(answered.resolve, answered.reject),
        answeredAfterRestart: () => answered.promise,
      };
    },
    close: async () => shop?.close(),
  };
};

const consumes = async ({ runtime: { health, clock } }: RunningLedger): Promise<void> => {
  for (const since = clock.now(); ; await clock.wait(50)) {
    const kafka = await health.readyPart('kafka');
    if (kafka?.status === 'up') return;
    expectThat(clock.now() - since < WITHIN_MS, 'a ledger that takes commands from Kafka', kafka);
  }
};
