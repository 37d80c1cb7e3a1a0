import { StoreUnavailable } from '#event-store/event-store.js';
import { GroupAbandoned } from '#kafka/command-source.js';
import { topicNames } from '#kafka/topic-names.js';
import { turn } from '../runtime/fixtures.js';
import { anAuthorization, commandIdOf, idsOf } from './authorization-records.js';
import type { Authorization } from './authorization-records.js';
import { gate, startConsumer, startLedger, workedOff } from './consumer-under-test.js';
import type { ConsumerUnderTest, LedgerUnderTest } from './consumer-under-test.js';

const away = new StoreUnavailable('full', 'the disk is full');
const rebalance = new Error('The group is rebalancing, so a rejoin is needed');

/** Two session timeouts of a consumer that is configured as we do it: seconds. */
const TWO_SESSIONS = 60;

let ledger: LedgerUnderTest;
let consumer: ConsumerUnderTest;
let auth: Authorization;

beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.stop());
beforeEach(async () => {
  auth = anAuthorization();
  ledger.trouble.ofAppend = () => undefined;
  consumer = await startConsumer({ answer: (incoming) => ledger.gateway.receive(incoming) });
});

describe('while the store is away, a group', () => {
  it('is held, its heart beating; nothing is told of it, and nothing dead-lettered', async () => {
    await workedOff(consumer, consumer.hand([auth.registered()]));
    consumer.sink.tried.length = 0;
    ledger.trouble.ofAppend = () => away;
    const handed = consumer.hand([
      auth.captured(1, 6_000),
      auth.poison(),
      auth.captured(2, 6_000),
      auth.captured(3),
    ]);
    await consumer.passUntil(() => handed.group.beats >= TWO_SESSIONS);
    expect(handed.state.now).toBe('working');
    expect(consumer.sink.tried).toEqual([]);
    expect(consumer.told.map(([news]) => news)).not.toContain('deadLettered');

    ledger.trouble.ofAppend = () => undefined;
    await workedOff(consumer, handed);
    expect(idsOf(consumer.published('answers')).slice(1)).toEqual([
      ...auth.answerIds('c1/accepted'),
      expect.stringMatching(/^capture\.commands\.v1\/0\//),
      ...auth.answerIds('c2/rejected', 'c3/accepted'),
    ]);
    expect(consumer.published('deadLetters')).toHaveLength(1);
  });

  it('asks it again less and less often, and about once a second at last', async () => {
    consumer = await startConsumer({ answer: () => Promise.reject(away) });
    const { clock } = consumer;
    const waits: number[] = [];
    const wait = clock.wait.bind(clock);
    clock.wait = (milliseconds, signal) => {
      waits.push(milliseconds);
      return wait(milliseconds, signal);
    };
    const handed = consumer.hand([auth.registered()]);
    await consumer.passUntil(() => handed.group.beats === 5);
    // Half of the longest, since this clock's random numbers are all 0; the others are the heart's.
    const backOffs = waits.filter((milliseconds) => milliseconds !== 1_000);
    expect(backOffs.slice(0, 7)).toEqual([25, 50, 100, 200, 400, 500, 500]);
    expect(new Set(backOffs.slice(5))).toEqual(new Set([500]));
    handed.group.stop();
    await expect(workedOff(consumer, handed)).rejects.toThrow(GroupAbandoned);
  });

  it('keeps the order of each authorization, whenever the store comes back', async () => {
    const all = Array.from({ length: 5 }, anAuthorization);
    await workedOff(consumer, consumer.hand(all.map(({ registered }) => registered())));
    // Of 40 appends about every second is refused, so that each authorization meets it at another time.
    let appends = 0;
    ledger.trouble.ofAppend = () => ((appends += 1) % 2 === 1 && appends < 40 ? away : undefined);
    const records = Array.from({ length: 200 }, (_, n) => all.map(({ captured }) => captured(n)));
    await workedOff(consumer, consumer.hand(records.flat()));
    expect(appends).toBeGreaterThan(5);
    for (const { stream } of all) {
      const events = await ledger.store.readStream(stream);
      const commandIds = events.map(({ metadata }) => JSON.parse(metadata).commandId as string);
      expect(commandIds).toEqual(['register', ...records.map((_, n) => `c${n}`)]);
    }
  });

  it('hands on no other slice once one record was given back: nobody overtakes', async () => {
    const decided: string[] = [];
    let isAway = true;
    consumer = await startConsumer({
      answer: async ({ commandId = '' }) => {
        if (isAway && commandId === 'c1') {
          isAway = false;
          throw away;
        }
        decided.push(commandId);
        return { answer: { outcome: 'accepted' }, repeat: false };
      },
    });
    const records = Array.from({ length: 1_000 }, (_, n) => auth.captured(n));
    await workedOff(consumer, consumer.hand(records));
    const inSlice = records.slice(0, 256).map(commandIdOf).toSpliced(1, 1);
    expect(decided).toEqual([...inSlice, 'c1', ...records.slice(256).map(commandIdOf)]);
  });

  it('is given back as soon as it is lost, with the driver’s own error', async () => {
    ledger.trouble.ofAppend = () => away;
    const handed = consumer.hand([auth.registered()]);
    await consumer.passUntil(() => handed.group.beats > 2);
    handed.group.lose(rebalance);
    await expect(workedOff(consumer, handed)).rejects.toBe(rebalance);
    expect(consumer.sink.tried).toEqual([]);
  });

  it('is given back when its source is to stop', async () => {
    ledger.trouble.ofAppend = () => away;
    const handed = consumer.hand([auth.registered()]);
    await consumer.passUntil(() => handed.group.beats > 2);
    handed.group.stop();
    await expect(workedOff(consumer, handed)).rejects.toThrow(GroupAbandoned);
    expect(consumer.clock.waiting).toBe(0);
  });
});

describe('while the broker does not acknowledge, a group', () => {
  it('is published again, the same bytes, until it does', async () => {
    let failures = 3;
    consumer.sink.before = async () => {
      failures -= 1;
      if (failures >= 0) throw new Error(`broken ${failures}`);
    };
    await workedOff(consumer, consumer.hand([auth.registered(), auth.poison()]));
    expect(consumer.sink.tried).toHaveLength(4);
    for (const tried of consumer.sink.tried) expect(tried).toEqual(consumer.sink.published);
    const failed = consumer.told.filter(([news]) => news === 'publishFailed');
    const { answers, deadLetters } = topicNames('');
    const topics = [answers, deadLetters];
    expect(failed).toEqual(
      [2, 1, 0].map((n) => ['publishFailed', new Error(`broken ${n}`), topics]),
    );
  });

  it('is held for as long as it takes, its heart beating', async () => {
    consumer.sink.before = () => Promise.reject(new Error('no broker'));
    const handed = consumer.hand([auth.registered()]);
    await consumer.passUntil(() => handed.group.beats >= TWO_SESSIONS);
    expect(handed.state.now).toBe('working');
    consumer.sink.before = async () => undefined;
    await workedOff(consumer, handed);
    expect(consumer.published('answers')).toHaveLength(1);
  });

  it('is told as an error also what was thrown and is none', async () => {
    let failures = 1;
    consumer.sink.before = () =>
      (failures -= 1) < 0 ? Promise.resolve() : Promise.reject('a word');
    await workedOff(consumer, consumer.hand([auth.registered()]));
    expect(consumer.told).toContainEqual([
      'publishFailed',
      new Error('a word'),
      [topicNames('').answers],
    ]);
  });

  it('is given back as soon as it is lost, with the driver’s own error', async () => {
    consumer.sink.before = () => Promise.reject(new Error('no broker'));
    const handed = consumer.hand([auth.registered()]);
    await consumer.passUntil(() => handed.group.beats > 2);
    handed.group.lose(rebalance);
    await expect(workedOff(consumer, handed)).rejects.toBe(rebalance);
  });

  it('is given back between two rounds of one send, too', async () => {
    const handed = consumer.hand([auth.registered()]);
    consumer.sink.before = async (beat) => {
      handed.group.lose(rebalance);
      for (;;) {
        consumer.clock.advance(500);
        await turn();
        await beat();
      }
    };
    await expect(workedOff(consumer, handed)).rejects.toBe(rebalance);
    expect(consumer.told.map(([news]) => news)).not.toContain('publishFailed');
  });

  it('is given back when its source is to stop', async () => {
    consumer.sink.before = () => Promise.reject(new Error('no broker'));
    const handed = consumer.hand([auth.registered()]);
    await consumer.passUntil(() => handed.group.beats > 2);
    handed.group.stop();
    await expect(workedOff(consumer, handed)).rejects.toThrow(GroupAbandoned);
  });

  it('has no dead letter counted before it is there', async () => {
    let failures = 2;
    consumer.sink.before = async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('no broker');
    };
    const record = auth.poison();
    await workedOff(consumer, consumer.hand([record]));
    const news = consumer.told.map(([name]) => name);
    expect(news.filter((name) => name === 'deadLettered')).toHaveLength(1);
    expect(news.indexOf('deadLettered')).toBeGreaterThan(news.indexOf('published'));
    expect(consumer.told).toContainEqual(['deadLettered', { reason: 'invalid', at: record }]);
  });
});

describe('a group that is lost', () => {
  it('while its commands are decided is not answered by us: whoever has it now finds them decided', async () => {
    const decided = gate();
    consumer = await startConsumer({
      answer: async (incoming) => {
        await decided.passed;
        return ledger.gateway.receive(incoming);
      },
    });
    const handed = consumer.hand([auth.registered()]);
    handed.group.lose(rebalance);
    await consumer.passUntil(() => handed.group.isToldLost);
    decided.open();
    await expect(workedOff(consumer, handed)).rejects.toBe(rebalance);
    expect(consumer.sink.tried).toEqual([]);
  });

  it('while its answers are acknowledged is not taken for one that may be committed', async () => {
    const handed = consumer.hand([auth.registered()]);
    consumer.sink.before = async () => {
      handed.group.lose(rebalance);
      await consumer.passUntil(() => handed.group.isToldLost);
    };
    await expect(workedOff(consumer, handed)).rejects.toBe(rebalance);
    expect(consumer.copies.limits).toEqual([]);
  });
});
