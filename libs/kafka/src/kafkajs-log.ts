import { types } from 'node:util';
import type { LogEntry, logCreator } from 'kafkajs';
import type { KafkaLog, KafkaLogLevel } from './kafka-log.js';
import { logLevel } from './kafkajs.js';

/** What may be logged of an entry: where, never what. */
const MEMBERS = [
  'broker',
  'groupId',
  'memberId',
  'generationId',
  'topic',
  'partition',
  'offset',
  'duration',
  'retryCount',
  'retryTime',
  'error',
] as const;

type Rule = Readonly<{
  /** Of the entry's sentence and the error in it. */
  says: RegExp;
  level: KafkaLogLevel | 'silent';
}>;

/**
 * kafkajs logs as errors what is everyday life of a group, and several times what its caller is told by a
 * rejection, too. The first rule that fits counts; where none does, kafkajs' own level.
 */
const RULES: readonly Rule[] = [
  // Endless retries would hold a group without a heartbeat. Ours are few, and after a rejection the
  // producer is thrown away, so that its numbering is never relied on again.
  { says: /Limiting retries for the idempotent producer/, level: 'silent' },
  // A session ran out: everyday only if somebody has stopped the process.
  { says: /coordinator is not aware of this member/, level: 'warn' },
  // A member joins or leaves.
  { says: /group is rebalancing|generation id is not valid|valid member id/, level: 'info' },
  { says: /has joined the group/, level: 'info' },
  // A fresh broker makes its topic of offsets when the first group asks for it; a restarted one reads it.
  { says: /coordinator is (not available|loading)|not the correct coordinator/, level: 'info' },
  // The end of a transaction takes some milliseconds after it was committed, and the next one waits for it.
  { says: /concurrent operation on the same transaction/, level: 'debug' },
  // Whoever wanted to connect, to send or to know is told by a rejection, and tells its observer.
  { says: /^Connection (error|timeout)|^Failed to (connect|send)|^Not connected/, level: 'debug' },
  { says: /closed connection|does not host this topic-partition/i, level: 'debug' },
  // The supervisor tells of it, and of the new consumer.
  { says: /^Crash: /, level: 'debug' },
];

/** For kafkajs' `logCreator`. */
export const kafkajsLog =
  (log: KafkaLog): logCreator =>
  () =>
  (entry) => {
    const error = errorIn(entry);
    const level = levelOf(entry, error);
    if (level === 'silent') return;
    const members: Record<string, string | number> = {};
    for (const name of MEMBERS) {
      const member: unknown = name === 'error' ? error : entry.log[name];
      if (typeof member === 'number' || (typeof member === 'string' && member !== '')) {
        members[name] = member;
      }
    }
    log(level, `kafkajs ${entry.namespace}: ${entry.log.message}`, members);
  };

const levelOf = ({ level, log }: LogEntry, error: string): Rule['level'] => {
  const said = `${log.message} ${error}`;
  const rule = RULES.find(({ says }) => says.test(said));
  if (rule) return rule.level;
  if (level === logLevel.ERROR) return 'error';
  return level === logLevel.WARN ? 'warn' : 'debug';
};

const errorIn = ({ log }: LogEntry): string => {
  const error: unknown = log['error'];
  if (typeof error === 'string') return error;
  return types.isNativeError(error) ? error.message : '';
};
