import type { KafkaConnection } from '#kafka/kafka-connection.js';
import type { KafkaLog } from '#kafka/kafka-log.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import type { Log } from '#runtime/log.js';

/** What brokers know us by, in their logs and quotas. */
const CLIENT_ID = 'capture-ledger';

export const kafkaConnection = ({ brokers, ssl, sasl }: KafkaConfiguration): KafkaConnection => ({
  brokers,
  clientId: CLIENT_ID,
  ...(ssl && { ssl }),
  ...(sasl && { sasl }),
});

/** The driver's own words, in our log. */
export const kafkaLog =
  (log: Log): KafkaLog =>
  (level, sentence, members) =>
    log[level](members, sentence);

/** Where the driver's words go whose caller is told the same by what it throws. */
export const unheard: KafkaLog = () => undefined;
