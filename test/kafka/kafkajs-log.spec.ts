import type { LogEntry } from 'kafkajs';
import type { KafkaLogLevel } from '#kafka/kafka-log.js';
import { kafkajsLog } from '#kafka/kafkajs-log.js';
import { logLevel } from '#kafka/kafkajs.js';

type Line = readonly [level: KafkaLogLevel, sentence: string, members: object];

/** What becomes of a line of kafkajs. */
const logged = (
  level: 'ERROR' | 'WARN' | 'INFO',
  message: string,
  more: object = {},
): Line | undefined => {
  const lines: Line[] = [];
  const entry: LogEntry = {
    namespace: 'Connection',
    level: logLevel[level],
    label: level,
    log: { timestamp: '2026-01-01T00:00:00.000Z', logger: 'kafkajs', message, ...more },
  };
  kafkajsLog((...line) => lines.push(line))(logLevel.INFO)(entry);
  expect(lines.length).toBeLessThanOrEqual(1);
  return lines[0];
};

describe("kafkajs' own words", () => {
  it('say who speaks and where it was', () => {
    const where = { broker: 'kafka-1:9092', topic: 'commands', partition: 3, groupId: 'g' };
    expect(logged('ERROR', 'Offset out of range, resetting to default offset', where)).toEqual([
      'error',
      'kafkajs Connection: Offset out of range, resetting to default offset',
      where,
    ]);
  });

  it('never hold what somebody sent', () => {
    const values = { payload: Buffer.from('4111111111111111'), messages: ['x'], stack: 'at' };
    const [, , members] = logged('ERROR', 'Error when calling eachBatch', {
      ...values,
      error: new TypeError('it is no function'),
    })!;
    expect(members).toEqual({ error: 'it is no function' });
  });

  it.each([
    ['Response Heartbeat(key: 12, version: 3)', 'The group is rebalancing, so a rejoin is needed'],
    ['Response OffsetCommit(key: 8, version: 5)', 'Specified group generation id is not valid'],
    ['Response GroupCoordinator(key: 10, version: 2)', 'The group coordinator is not available'],
  ])('are no error where a group lives its everyday life: %s, %s', (message, error) => {
    expect(logged('ERROR', message, { error })?.[0]).toBe('info');
  });

  it('are a warning where a session ran out', () => {
    const error = 'The coordinator is not aware of this member';
    expect(logged('ERROR', 'Response Heartbeat(key: 12, version: 3)', { error })?.[0]).toBe('warn');
  });

  it.each([
    'Connection error: connect ECONNREFUSED 127.0.0.1:9092',
    'Connection timeout',
    'Failed to connect to seed broker, trying another broker from the list: Connection timeout',
    'Failed to send messages: Closed connection',
    'Crash: KafkaJSConnectionError: Closed connection',
  ])('are not repeated where an observer hears of it: %s', (message) => {
    expect(logged('ERROR', message)?.[0]).toBe('debug');
  });

  it('are silent on retries, which are few on purpose', () => {
    const warning = 'Limiting retries for the idempotent producer may invalidate EoS guarantees';
    expect(logged('WARN', warning)).toBeUndefined();
  });

  it('are otherwise as loud as kafkajs has them, but for its everyday news', () => {
    expect(logged('ERROR', 'something new')?.[0]).toBe('error');
    expect(logged('WARN', 'something new')?.[0]).toBe('warn');
    expect(logged('INFO', 'Starting')?.[0]).toBe('debug');
  });
});
