import { z } from 'zod';
import { PATH, setting, wholeNumber } from './setting.js';

const HOST = String.raw`(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)`;

const BROKER = new RegExp(`^${HOST}:[1-9]\\d{0,4}$`);

const areBrokers = (text: string): boolean =>
  text
    .split(',')
    .every((broker) => BROKER.test(broker) && Number(broker.split(':').at(-1)) <= 65_535);

/** An empty one would be found in every name. */
const isPattern = (text: string): boolean => {
  try {
    return text !== '' && RegExp(text).source.length > 0;
  } catch {
    return false;
  }
};

const file = (what: string, example: string) =>
  setting(z.union([z.literal(''), z.string().regex(PATH)]), {
    allowed: `a file that can be read, with ${what} (PEM)`,
    example,
    byDefault: '',
  });

/** Settings of Kafka. Without `KAFKA_BROKERS` the ledger does without it, and the others are refused. */
export const kafkaSettings = {
  KAFKA_BROKERS: setting(z.union([z.literal(''), z.string().refine(areBrokers)]), {
    allowed:
      'brokers to learn the others from, host:port, with commas between them; empty: no Kafka',
    example: 'kafka-1.internal:9093,kafka-2.internal:9093',
    byDefault: '',
  }),
  LEDGER_KAFKA_TOPIC_PREFIX: setting(z.string().regex(/^[A-Za-z0-9.-]{0,64}$/), {
    allowed:
      'what the names of topics and of the consumer group begin with, where several ledgers are on one cluster: up to 64 of A-Z a-z 0-9 . -',
    example: 'staging.',
    byDefault: '',
  }),
  LEDGER_KAFKA_CREATE_TOPICS: setting(z.enum(['loopback', 'yes', 'no']), {
    allowed:
      'yes, no or loopback: whether missing topics are made; loopback: where all brokers are on this machine',
    example: 'no',
    byDefault: 'loopback',
  }),
  LEDGER_KAFKA_PARTITIONS: setting(wholeNumber(1, 1_000), {
    allowed:
      'of each topic that is made, a whole number from 1 to 1000; for ever, since keys move when it changes',
    example: '24',
    byDefault: '24',
  }),
  LEDGER_KAFKA_REPLY_TOPICS: setting(z.string().max(1_000).refine(isPattern), {
    allowed:
      'a regular expression of the whole name: topics that a caller may name for copies of its answers; ^$ for none',
    example: String.raw`^shop\..+\.reply$`,
    byDefault: String.raw`^[A-Za-z0-9._-]+\.repl(y|ies)$`,
  }),
  LEDGER_KAFKA_SESSION_TIMEOUT_MS: setting(wholeNumber(6_000, 1_800_000), {
    allowed:
      'milliseconds without a heartbeat after which the broker gives the partitions to others, a whole number from 6000 to 1800000, and within the broker’s own bounds',
    example: '45000',
    byDefault: '30000',
  }),
  LEDGER_KAFKA_PLAINTEXT: setting(z.enum(['loopback', 'anywhere']), {
    allowed: 'loopback or anywhere: which brokers may be spoken to without TLS',
    example: 'anywhere',
    byDefault: 'loopback',
  }),
  LEDGER_KAFKA_TLS: setting(z.enum(['yes', 'no']), {
    allowed: 'yes or no: whether brokers are spoken to over TLS',
    example: 'yes',
    byDefault: 'no',
  }),
  LEDGER_KAFKA_TLS_CA_FILE: file(
    'the authorities that vouch for the brokers',
    '/run/secrets/kafka-ca.pem',
  ),
  LEDGER_KAFKA_TLS_CERT_FILE: file(
    'our certificate, where brokers ask for one',
    '/run/secrets/kafka.pem',
  ),
  LEDGER_KAFKA_TLS_KEY_FILE: file('the key of our certificate', '/run/secrets/kafka-key.pem'),
  LEDGER_KAFKA_SASL_MECHANISM: setting(
    z.enum(['none', 'plain', 'scram-sha-256', 'scram-sha-512']),
    {
      allowed: 'none, plain, scram-sha-256 or scram-sha-512: how we say who we are',
      example: 'scram-sha-512',
      byDefault: 'none',
    },
  ),
  LEDGER_KAFKA_SASL_USERNAME: setting(z.string().max(255), {
    allowed: 'a name of up to 255 characters',
    example: 'capture-ledger',
    byDefault: '',
  }),
  LEDGER_KAFKA_SASL_PASSWORD: setting(z.string().max(1_024), {
    allowed: 'a password of up to 1024 characters, or LEDGER_KAFKA_SASL_PASSWORD_FILE instead',
    example: '…',
    byDefault: '',
    secret: true,
  }),
  LEDGER_KAFKA_SASL_PASSWORD_FILE: setting(z.union([z.literal(''), z.string().regex(PATH)]), {
    allowed:
      'a file that can be read and holds the password; a line break at its end does not count',
    example: '/run/secrets/kafka-password',
    byDefault: '',
  }),
};
