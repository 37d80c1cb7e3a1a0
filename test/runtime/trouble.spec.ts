import { createServer } from 'node:net';
import { once } from 'node:events';
import { ConfigurationError } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { causeOf, exitCodeOf, tellOf, Trouble } from '#runtime/trouble.js';

const unreachable = new Trouble({
  what: 'Cannot reach Kafka at localhost:9092',
  cause: 'connection refused, 3 tries in 2.1 s',
  setting: { name: 'KAFKA_BROKERS', origin: 'environment' },
  cures: [
    { command: 'npm run demo', effect: 'without Kafka' },
    { command: 'npm run demo -- --kafka', effect: 'with a throw-away broker' },
  ],
  exitCode: exitCodes.unreachable,
});

describe('trouble', () => {
  it('is told in one line with its cause, and its cures below', () => {
    expect(tellOf(unreachable)).toBe(
      [
        'Cannot reach Kafka at localhost:9092 (connection refused, 3 tries in 2.1 s)',
        '  KAFKA_BROKERS comes from the environment   ·   npm run demo             without Kafka',
        '                                             ·   npm run demo -- --kafka  with a throw-away broker',
      ].join('\n'),
    );
  });

  it('is told without a setting where none led there', () => {
    const trouble = new Trouble({
      what: 'orders.ndjson cannot be read',
      cause: 'line 7 is not JSON',
      cures: [{ command: 'npm run send -- orders.ndjson --from 8', effect: 'leaves it out' }],
      exitCode: exitCodes.usage,
    });
    expect(tellOf(trouble)).toBe(
      'orders.ndjson cannot be read (line 7 is not JSON)\n' +
        '  npm run send -- orders.ndjson --from 8  leaves it out',
    );
  });

  it('names the setting that led there even where there is no cure', () => {
    const trouble = new Trouble({
      what: 'The store in ./.ledger is broken',
      cause: new Error('disk I/O error'),
      setting: { name: 'LEDGER_STORE', origin: 'default' },
      cures: [],
      exitCode: exitCodes.storeBroken,
    });
    expect(tellOf(trouble)).toBe(
      'The store in ./.ledger is broken (disk I/O error)\n  LEDGER_STORE comes from the default',
    );
  });

  it('says of a setting that is empty by default that it is not set', () => {
    const trouble = new Trouble({
      what: 'There are no topics to look at',
      cause: 'no brokers are configured',
      setting: { name: 'KAFKA_BROKERS', origin: 'default' },
      cures: [],
      exitCode: exitCodes.usage,
    });
    expect(tellOf(trouble)).toMatch(/\n {2}KAFKA_BROKERS is not set$/);
  });

  it('says a system error in the words of the operating system', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await once(first, 'listening');
    const second = createServer().listen(first.address() as object);
    const [error] = (await once(second, 'error').catch((reason: unknown) => [reason])) as [unknown];
    expect(causeOf(error)).toBe('address already in use');
    expect(causeOf(new AggregateError([error, new Error('another')]))).toBe(
      'address already in use',
    );
    first.close();
    await once(first, 'close');
  });

  it.each([
    [new Error('plain'), 'plain'],
    [new AggregateError([], 'nothing inside'), 'nothing inside'],
    ['a word', 'a word'],
    [undefined, 'undefined'],
  ])('says any other error as it says itself: %p', (error, cause) => {
    expect(causeOf(error)).toBe(cause);
  });

  it('has an exit code that scripts can tell apart', () => {
    expect(exitCodes).toEqual({
      ok: 0,
      unexpected: 1,
      usage: 2,
      unreachable: 3,
      storeBroken: 4,
      historyUnknown: 5,
    });
    expect(exitCodeOf(unreachable)).toBe(3);
    expect(exitCodeOf(new ConfigurationError('wrong'))).toBe(2);
    expect(exitCodeOf(new Error('surprise'))).toBe(1);
    expect(exitCodeOf('surprise')).toBe(1);
  });

  it('comes with its stack where nobody foresaw it, and without where a person can mend it', () => {
    expect(tellOf(new ConfigurationError('LEDGER_STORE is empty'))).toBe('LEDGER_STORE is empty');
    expect(tellOf(new Error('surprise'))).toMatch(/^Unexpected: Error: surprise\n\s+at /);
    expect(tellOf('surprise')).toBe('Unexpected: surprise');
  });
});
