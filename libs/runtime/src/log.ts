import { writeSync } from 'node:fs';
import { types } from 'node:util';
import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { LogLevel } from './configuration.js';

type Line = (members: Readonly<Record<string, unknown>>, sentence: string) => void;

/** The log, as the rooms see it: members for machines, and a sentence that holds no value. */
export type Log = Readonly<Record<Exclude<LogLevel, 'silent'>, Line>>;

/**
 * Members whose values are never logged, at whatever depth: they are, or hold, what a sender wrote.
 * An event's `data` and a record's `value` are text with metadata in it.
 */
const UNLOGGED = new Set(['metadata', 'data', 'payload', 'body', 'value', 'headers', 'rawHeaders']);

/** Milliseconds that a line waits, at most, for a reader that does not keep up. */
const LONGEST_HOLD = 20;

const nap = new Int32Array(new SharedArrayBuffer(4));

/**
 * pino's own destination would end the process where the log's disk is full, or hang in it. Here a line
 * that cannot be written is lost, and the ledger goes on without it.
 */
const stderr: DestinationStream = {
  write(line) {
    let rest = Buffer.from(line);
    for (let held = 0; rest.length > 0 && held <= LONGEST_HOLD;) {
      try {
        rest = rest.subarray(writeSync(2, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        Atomics.wait(nap, 0, 0, 1);
        held += 1;
      }
    }
  },
};

/**
 * A JSON log, one object a line. It goes to stderr, so that stdout is left to what somebody asked for:
 * the line that says the process is ready, the result of a command line. A line is written before the
 * call returns: the last words of a dying process are not lost, and all of them are in order.
 */
export const createLog = (level: LogLevel, destination: DestinationStream = stderr): Logger =>
  pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: logged },
      // `logged` has made plain objects of errors already; pino's own serializer would do it again.
      serializers: { err: (error: unknown) => error },
    },
    destination,
  );

/** The members of a line as JSON knows them, without the values that are not to be logged. */
const logged = (members: object): Record<string, unknown> => {
  try {
    return JSON.parse(JSON.stringify(members, replacer)) as Record<string, unknown>;
  } catch (error) {
    // A circular object, a getter that throws: the sentence is still worth a line.
    return { unloggable: String(error) };
  }
};

const replacer = (key: string, value: unknown): unknown => {
  if (UNLOGGED.has(key)) return '[not logged]';
  if (typeof value === 'bigint') return String(value);
  return types.isNativeError(value) ? pino.stdSerializers.err(value) : value;
};
