import { readFileSync } from 'node:fs';
import { getSystemErrorMessage, types } from 'node:util';
import { flawOfCertificates, flawOfKey } from './pem.js';
import { isLoopback } from './setting.js';
import type { SettingName, Settings } from './settings.js';

/** What the process was told of Kafka. */
export type KafkaConfiguration = Readonly<{
  /** `host:port`. */
  brokers: readonly string[];
  topicPrefix: string;
  /** Whether topics that are missing may be made. */
  createTopics: boolean;
  /** Of each topic that is made. */
  partitions: number;
  /** The topics that callers may name for copies of their answers. */
  replyTopics: RegExp;
  sessionTimeoutMs: number;
  /** As Node's `tls.connect` takes them; there without a member: the authorities of the system. */
  ssl?: Readonly<{ ca?: string; cert?: string; key?: string }>;
  sasl?: Readonly<{ username: string; password: string }> &
    (
      | Readonly<{ mechanism: 'plain' }>
      | Readonly<{ mechanism: 'scram-sha-256' }>
      | Readonly<{ mechanism: 'scram-sha-512' }>
    );
}>;

/** A setting that is well-formed and cannot stand beside the others. */
export type Conflict = Readonly<{ name: SettingName; message: string }>;

/** The configuration of Kafka, undefined where there is none, or what is wrong with it. */
export const kafkaConfiguration = (
  settings: Settings,
): KafkaConfiguration | undefined | readonly Conflict[] => {
  if (settings.KAFKA_BROKERS === '') return undefined;
  const brokers = settings.KAFKA_BROKERS.split(',');
  const onLoopback = brokers.every((broker) => isLoopback(hostOf(broker)));
  const conflicts: Conflict[] = [];
  const ssl = sslOf(settings, conflicts);
  const sasl = saslOf(settings, conflicts);
  if (!ssl && !onLoopback && settings.LEDGER_KAFKA_PLAINTEXT !== 'anywhere') {
    conflicts.push({
      name: 'KAFKA_BROKERS',
      message:
        'names another machine, and everything said to it could be read: set LEDGER_KAFKA_TLS=yes, or LEDGER_KAFKA_PLAINTEXT=anywhere where the network is trusted',
    });
  }
  if (conflicts.length > 0) return conflicts;
  const create = settings.LEDGER_KAFKA_CREATE_TOPICS;
  return Object.freeze({
    brokers,
    topicPrefix: settings.LEDGER_KAFKA_TOPIC_PREFIX,
    createTopics: create === 'yes' || (create === 'loopback' && onLoopback),
    partitions: settings.LEDGER_KAFKA_PARTITIONS,
    replyTopics: new RegExp(`^(?:${settings.LEDGER_KAFKA_REPLY_TOPICS})$`),
    sessionTimeoutMs: settings.LEDGER_KAFKA_SESSION_TIMEOUT_MS,
    ...(ssl && { ssl }),
    ...(sasl && { sasl }),
  });
};

const hostOf = (broker: string): string =>
  broker.slice(0, broker.lastIndexOf(':')).replaceAll(/^\[|\]$/g, '');

const sslOf = (settings: Settings, conflicts: Conflict[]): KafkaConfiguration['ssl'] => {
  const files = {
    ca: 'LEDGER_KAFKA_TLS_CA_FILE',
    cert: 'LEDGER_KAFKA_TLS_CERT_FILE',
    key: 'LEDGER_KAFKA_TLS_KEY_FILE',
  } as const;
  const ssl: { ca?: string; cert?: string; key?: string } = {};
  for (const [member, name] of Object.entries(files) as [keyof typeof files, SettingName][]) {
    if (settings[name] === '') continue;
    if (settings.LEDGER_KAFKA_TLS === 'no') {
      conflicts.push({ name, message: 'says nothing without LEDGER_KAFKA_TLS=yes' });
    }
    const text = contentOf(settings[name] as string, name, conflicts);
    if (text === undefined) continue;
    const flaw = member === 'key' ? flawOfKey(text) : flawOfCertificates(text);
    if (flaw !== undefined) conflicts.push({ name, message: flaw });
    ssl[member] = text;
  }
  if (
    (settings.LEDGER_KAFKA_TLS_CERT_FILE === '') !==
    (settings.LEDGER_KAFKA_TLS_KEY_FILE === '')
  ) {
    conflicts.push({
      name: 'LEDGER_KAFKA_TLS_CERT_FILE',
      message: 'needs LEDGER_KAFKA_TLS_KEY_FILE beside it, and the other way round',
    });
  }
  return settings.LEDGER_KAFKA_TLS === 'yes' ? ssl : undefined;
};

const saslOf = (settings: Settings, conflicts: Conflict[]): KafkaConfiguration['sasl'] => {
  const mechanism = settings.LEDGER_KAFKA_SASL_MECHANISM;
  const username = settings.LEDGER_KAFKA_SASL_USERNAME;
  const path = settings.LEDGER_KAFKA_SASL_PASSWORD_FILE;
  if (path !== '' && settings.LEDGER_KAFKA_SASL_PASSWORD !== '') {
    conflicts.push({
      name: 'LEDGER_KAFKA_SASL_PASSWORD_FILE',
      message: 'cannot stand beside LEDGER_KAFKA_SASL_PASSWORD: one of them',
    });
  }
  const password =
    path === ''
      ? settings.LEDGER_KAFKA_SASL_PASSWORD
      : contentOf(path, 'LEDGER_KAFKA_SASL_PASSWORD_FILE', conflicts)?.replace(/\r?\n$/, '');
  if (mechanism === 'none') {
    if (username !== '' || (password ?? '') !== '') {
      conflicts.push({
        name: 'LEDGER_KAFKA_SASL_MECHANISM',
        message: 'is none, and there is a name or a password: say which mechanism they are for',
      });
    }
    return undefined;
  }
  if (username === '' || password === '') {
    conflicts.push({
      name: 'LEDGER_KAFKA_SASL_MECHANISM',
      message:
        'needs LEDGER_KAFKA_SASL_USERNAME, and LEDGER_KAFKA_SASL_PASSWORD or LEDGER_KAFKA_SASL_PASSWORD_FILE',
    });
  }
  return { mechanism, username, password: password ?? '' };
};

const contentOf = (path: string, name: SettingName, conflicts: Conflict[]): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    conflicts.push({ name, message: `cannot be read: ${whyUnreadable(error)}` });
    return undefined;
  }
};

/** Without the path, which is told beside it, and may hold what a terminal obeys. */
const whyUnreadable = (error: unknown): string =>
  types.isNativeError(error) && 'errno' in error && typeof error.errno === 'number'
    ? getSystemErrorMessage(error.errno)
    : String(error);
