import type { KafkaObserver } from '#kafka/kafka-observer.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { readConfiguration } from '#runtime/configuration.js';
import { createRuntime } from '#runtime/runtime.js';
import { kafkaHealth, kafkaObserver } from '../../apps/capture-ledger/src/kafka-observer.js';
import type { KafkaDoing } from '../../apps/capture-ledger/src/kafka-observer.js';
import { keptLog, ManualClock } from '../runtime/fixtures.js';

let clock: ManualClock;
let doing: KafkaDoing;
let tell: KafkaObserver;

beforeEach(() => {
  clock = new ManualClock();
  const runtime = createRuntime({
    configuration: readConfiguration({}),
    exitCodeOf: () => exitCodes.unexpected,
    clock,
    log: keptLog('info').log,
  });
  doing = {
    now: 'starting',
    detail: undefined,
    oldest: undefined,
    elsewhere: undefined,
    unacknowledged: undefined,
    idleSince: 0,
  };
  tell = kafkaObserver(runtime, doing);
  tell.consuming('consuming');
});

const status = (): string => kafkaHealth(doing, clock.now()).status;

const holdsUnacknowledged = (): void => {
  tell.holding(clock.now());
  tell.publishFailed(new Error('no such topic'), ['answers']);
};

describe('answers that are not acknowledged, to health,', () => {
  it('are red for as long as they are held, and green when they are published', () => {
    holdsUnacknowledged();
    clock.advance(60_000);
    expect(kafkaHealth(doing, clock.now())).toEqual({
      status: 'down',
      detail: 'answers are not acknowledged by answers: no such topic',
    });
    tell.published(5);
    expect(status()).toBe('up');
  });

  it('stay red where the group is lost, and comes again', () => {
    holdsUnacknowledged();
    tell.holding(undefined);
    tell.consuming('joining');
    clock.advance(60_000);
    tell.consuming('consuming');
    clock.advance(9_999);
    expect(status()).toBe('down');
    tell.holding(clock.now());
    clock.advance(60_000);
    expect(status()).toBe('down');
  });

  it('are another process’s where its group does not come again', () => {
    holdsUnacknowledged();
    tell.holding(undefined);
    tell.consuming('joining');
    tell.consuming('consuming');
    clock.advance(10_000);
    expect(status()).toBe('up');
    tell.holding(clock.now());
    expect(status()).toBe('up');
  });
});

it('knows that another store is that of the group until it consumes again, also while the broker is away', () => {
  tell.consuming('halted', 'taken by store one');
  for (const now of ['away', 'joining'] as const) {
    tell.consuming(now);
    expect(doing.elsewhere).toBe('taken by store one');
  }
  tell.consuming('consuming');
  expect(doing.elsewhere).toBeUndefined();
});
