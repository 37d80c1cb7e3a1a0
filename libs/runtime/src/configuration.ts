import { closestName } from './closest-name.js';
import { exitCodes } from './exit-codes.js';
import { kafkaConfiguration } from './kafka-configuration.js';
import type { Conflict, KafkaConfiguration } from './kafka-configuration.js';
import { abouts } from './setting.js';
import { settings } from './settings.js';
import type { SettingName } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Origin = 'environment' | 'default';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** What the process was told, complete and valid. */
export type Configuration = Readonly<{
  /** The folder of the store, as it was given: a relative one is relative to where the process runs. */
  store: string;
  http: Readonly<{
    host: string;
    /** 0: any free one. */
    port: number;
  }>;
  logLevel: LogLevel;
  /** A command that took longer is logged as slow. */
  slowCommandMilliseconds: number;
  /** Left out: no Kafka. */
  kafka?: KafkaConfiguration;
  /** Where each setting came from, for messages of trouble. */
  origins: Readonly<Record<SettingName, Origin>>;
}>;

/** The configuration is wrong. The message is the whole report, for a person, on several lines. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly exitCode = exitCodes.usage;
}

/**
 * The configuration that an environment (`process.env`) gives.
 *
 * @throws {ConfigurationError} naming every wrong setting, every unknown `LEDGER_*` and whatever was meant
 *   to be `KAFKA_BROKERS` at once; nothing else is thrown.
 */
export const readConfiguration = (environment: Environment): Configuration => {
  const known = Object.keys(settings.shape) as SettingName[];
  const read = settings.safeParse(environment);
  const kafka = read.success
    ? (kafkaConfiguration(read.data) ?? sayingNothing(environment, known))
    : undefined;
  const problems = [
    ...known.filter((name) => isWrong(read, name)).map((name) => wrongValue(name, environment)),
    ...Object.keys(environment)
      .filter((name) => isMeantForUs(name, environment) && !Object.hasOwn(settings.shape, name))
      .map((name) => unknownName(name, known)),
    ...(isConflicts(kafka) ? kafka.map((conflict) => conflicting(conflict, environment)) : []),
  ];
  if (!read.success || isConflicts(kafka) || problems.length > 0)
    throw new ConfigurationError(report(problems));

  const value = read.data;
  const origin = (name: SettingName): [SettingName, Origin] => [
    name,
    environment[name] === undefined ? 'default' : 'environment',
  ];
  return Object.freeze({
    store: value.LEDGER_STORE,
    http: Object.freeze({ host: value.LEDGER_HTTP_HOST, port: value.LEDGER_HTTP_PORT }),
    logLevel: value.LEDGER_LOG_LEVEL,
    slowCommandMilliseconds: value.LEDGER_SLOW_COMMAND_MS,
    ...(kafka && { kafka }),
    origins: Object.freeze(Object.fromEntries(known.map(origin)) as Record<SettingName, Origin>),
  });
};

/** Settings of Kafka without a broker: whoever set them wants Kafka, and would never hear that there is none. */
const sayingNothing = (
  environment: Environment,
  known: readonly SettingName[],
): readonly Conflict[] | undefined => {
  const set = known.filter((name) => name.startsWith('LEDGER_KAFKA_') && environment[name]);
  const message = 'says nothing without KAFKA_BROKERS: set it as well, or leave this out';
  return set.length === 0 ? undefined : set.map((name) => ({ name, message }));
};

/** Without `KAFKA_BROKERS`, what begins as it does was meant to be it. */
const isMeantForUs = (name: string, environment: Environment): boolean => {
  if (name.toUpperCase().startsWith('LEDGER_')) return true;
  return beginsAsBrokers(name) && !environment['KAFKA_BROKERS'] && !OF_KUBERNETES.test(name);
};

const beginsAsBrokers = (name: string): boolean => name.toUpperCase().startsWith('KAFKA_BROKER');

/** What Kubernetes tells of a service by the name of `kafka-broker`. */
const OF_KUBERNETES = /_SERVICE_(?:HOST|PORT\w*)$|_PORT(?:_\d+_(?:TCP|UDP)\w*)?$/;

const isWrong = (read: ReturnType<typeof settings.safeParse>, name: SettingName): boolean =>
  read.error?.issues.some(({ path }) => path[0] === name) ?? false;

const isConflicts = (
  kafka: KafkaConfiguration | readonly Conflict[] | undefined,
): kafka is readonly Conflict[] => Array.isArray(kafka);

const wrongValue = (name: SettingName, environment: Environment): string => {
  const { allowed, example, byDefault, secret } = abouts.get(settings.shape[name])!;
  return [
    `  ${name} is ${secret ? 'not shown' : shown(environment[name])} (from the environment)`,
    `    allowed: ${allowed}`,
    `    example: ${name}=${example}   default: ${byDefault === '' ? 'empty' : byDefault}`,
  ].join('\n');
};

const conflicting = ({ name, message }: Conflict, environment: Environment): string => {
  const { secret, byDefault } = abouts.get(settings.shape[name])!;
  const value = environment[name] ?? byDefault;
  return `  ${name} is ${secret ? 'not shown' : shown(value)}\n    it ${message}`;
};

// The value is not shown: a setting that we do not know may be somebody's secret.
const unknownName = (name: string, known: readonly string[]): string => {
  const meant = beginsAsBrokers(name) ? 'KAFKA_BROKERS' : closestName(name, known);
  const cure = meant ? `did you mean ${meant}?` : `there are ${known.join(', ')}`;
  return `  ${printable(name)} is not a setting (from the environment)\n    ${cure}`;
};

const report = (problems: readonly string[]): string =>
  [
    `The configuration is wrong in ${problems.length === 1 ? 'one place' : `${problems.length} places`}; nothing was started.`,
    ...problems,
  ].join('\n\n');

const shown = (value: unknown): string =>
  value === '' ? 'empty' : `"${printable(String(value))}"`;

/** Text of others on our terminal: short, and without characters that a terminal obeys. */
const printable = (text: string): string =>
  (text.length > 80 ? `${text.slice(0, 80)}…` : text).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '�');
