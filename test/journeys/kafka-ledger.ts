import { until } from '../kafka/until.js';
import { startLedger } from './child-ledger.js';
import type { ChildLedger } from './child-ledger.js';

/** The least that a broker takes: so long it waits for a member that was killed. */
export const SESSION_TIMEOUT = 6_000;

/** Environment of a ledger that takes commands from this broker, under topics of its own. */
export const onKafka = (address: string, prefix: string): Readonly<Record<string, string>> => ({
  KAFKA_BROKERS: address,
  LEDGER_KAFKA_TOPIC_PREFIX: prefix,
  LEDGER_KAFKA_PARTITIONS: '3',
  LEDGER_KAFKA_SESSION_TIMEOUT_MS: String(SESSION_TIMEOUT),
});

/** A ledger that has joined its group. */
export const startKafkaLedger = async (
  folder: string,
  address: string,
  prefix: string,
): Promise<ChildLedger> => {
  const ledger = await startLedger(folder, onKafka(address, prefix));
  await consumes(ledger);
  return ledger;
};

export const consumes = ({ url }: Pick<ChildLedger, 'url'>): Promise<void> =>
  until('the ledger takes commands from Kafka', async () => (await readyOf(url, 'kafka')) === 200);

/** The status of the readiness of a part. */
export const readyOf = async (url: string, part: string): Promise<number> => {
  const { status } = await fetch(new URL(`/health/ready/${part}`, url));
  return status;
};

/** All of them, in the text format of Prometheus. */
export const metricsOf = async (url: string): Promise<string> =>
  (await fetch(new URL('/metrics', url))).text();
