import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import { succeeded } from '../commands/submitted.js';
import { turn } from '../runtime/fixtures.js';
import { anAuthorization, idsOf } from './authorization-records.js';
import type { Authorization } from './authorization-records.js';
import { gate, startConsumer, startLedger, workedOff } from './consumer-under-test.js';
import type { ConsumerUnderTest, LedgerUnderTest } from './consumer-under-test.js';
import { binaryMode, recordOf, SENT_AT } from './sent-record.js';
import type { Sent } from './sent-record.js';

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

describe('a group of records', () => {
  it('is answered record by record, in their order, its dead letters with them', async () => {
    const records = [
      auth.registered(),
      auth.captured(1),
      auth.poison(),
      auth.captured(2),
      auth.captured(3, 20_000),
    ];
    await workedOff(consumer, consumer.hand(records));
    expect(consumer.sink.tried).toHaveLength(1);
    expect(consumer.published('answers').map(({ headers }) => headers['ce_type'])).toEqual([
      'CommandAccepted',
      'CommandAccepted',
      'CommandInvalid',
      'CommandAccepted',
      'CommandRejected',
    ]);
    expect(consumer.published('deadLetters')).toMatchObject([
      { key: Buffer.from(auth.id), value: Buffer.from('{') },
    ]);
    expect(await ledger.store.readStream(auth.stream)).toHaveLength(4);
  });

  it('is committed only once every answer is acknowledged, and not when it is appended', async () => {
    const acknowledged = gate();
    consumer.sink.before = () => acknowledged.passed;
    const handed = consumer.hand([auth.registered(), auth.captured(1)]);
    await consumer.passUntil(() => consumer.sink.tried.length === 1);
    expect(await ledger.store.readStream(auth.stream)).toHaveLength(2);
    for (let turns = 0; turns < 100; turns += 1) await turn();
    expect(handed.state.now).toBe('working');
    acknowledged.open();
    await handed.work;
    expect(handed.state.now).toBe('committed');
  });

  it('may be of no records', async () => {
    await workedOff(consumer, consumer.hand([]));
    expect(consumer.sink.published).toEqual([]);
  });

  it('is one append for all that it has of one authorization', async () => {
    let appends = 0;
    ledger.trouble.ofAppend = () => {
      appends += 1;
      return undefined;
    };
    await workedOff(
      consumer,
      consumer.hand([auth.registered(), auth.captured(1), auth.captured(2)]),
    );
    expect(appends).toBe(1);
  });

  it('is told of while it is being worked on, by its oldest record, and when it is worked off', async () => {
    const records = [
      auth.registered(),
      auth.captured(1, 1, { timestamp: SENT_AT - 7_000 }),
      auth.captured(2, 1, { timestamp: -1 }),
      auth.captured(3, 1, { timestamp: SENT_AT + 3_600_000 }),
    ];
    consumer.sink.before = async () => consumer.clock.advance(40);
    await workedOff(consumer, consumer.hand(records));
    expect(consumer.told.filter(([news]) => news === 'published')).toEqual([['published', 40]]);
    expect(consumer.told.filter(([news]) => news === 'holding')).toEqual([
      ['holding', SENT_AT - 7_000],
      ['holding', undefined],
    ]);
    expect(consumer.told.at(-1)).toEqual([
      'worked',
      { records: 4, milliseconds: expect.any(Number) },
    ]);
  });

  it('is begun and ended as its source says', async () => {
    expect(consumer.source.stopped).toBe(false);
    await consumer.consumer.stop();
    expect(consumer.source.stopped).toBe(true);
  });
});

const sentOften = () => Array.from({ length: 25 }, () => auth.captured(1));

const toldOf = (outcome: string) =>
  binaryMode({ ...succeeded('cap-1'), outcome, commandId: 'f1', authorizationId: auth.id });

describe('a command that is sent again', () => {
  it('is one decision and the same bytes, in one group and in the next, however often', async () => {
    await workedOff(consumer, consumer.hand([auth.registered(), ...sentOften()]));
    await workedOff(consumer, consumer.hand(sentOften()));
    const answers = consumer.published('answers').slice(1);
    expect(answers).toHaveLength(50);
    const bytes = answers.map(({ key, value, headers }) =>
      JSON.stringify([key, value, headers['ce_id'], headers['ce_type']]),
    );
    expect(new Set(bytes).size).toBe(1);
    expect(answers.map(({ headers }) => headers['ledger-repeat'])).toEqual([
      undefined,
      ...Array.from({ length: 49 }, () => 'true'),
    ]);
    expect(await ledger.store.readStream(auth.stream)).toHaveLength(2);
  });

  it('under an id that was used for another is refused; of a fact somebody must hear', async () => {
    const records = [
      auth.registered(),
      auth.captured(1),
      auth.captured(1, 2),
      toldOf('succeeded'),
      toldOf('failed'),
    ];
    await workedOff(consumer, consumer.hand(records));
    await workedOff(consumer, consumer.hand([auth.captured(1, 2)]));
    expect(consumer.published('answers').map(({ value }) => String(value))).toEqual([
      expect.stringContaining('"accepted"'),
      expect.stringContaining('"accepted"'),
      expect.stringContaining('"command_id_reused"'),
      expect.stringContaining('"accepted"'),
      expect.stringContaining('"command_id_reused"'),
      expect.stringContaining('"command_id_reused"'),
    ]);
    expect(consumer.published('deadLetters')).toMatchObject([
      { value: records[4]!.value, headers: { 'ledger-reason': 'command_id_reused' } },
    ]);
  });
});

/** Wants a copy of its answer. */
const asking = (n: number, topic: string, sent: Sent = {}) =>
  auth.captured(n, 1, {
    ...sent,
    headers: { kafka_replyTopic: topic, kafka_correlationId: `${n}` },
  });

describe('copies for callers', () => {
  it('go out once the answers are acknowledged, within a second', async () => {
    const acknowledged = gate();
    consumer.sink.before = () => acknowledged.passed;
    const handed = consumer.hand([
      auth.registered(),
      asking(1, 'shop.reply'),
      asking(2, 'other.reply'),
    ]);
    await consumer.passUntil(() => consumer.sink.tried.length === 1);
    expect(consumer.copies.limits).toEqual([]);
    acknowledged.open();
    await workedOff(consumer, handed);
    expect(consumer.copies.limits).toEqual([1_000]);
    expect(consumer.copies.copied).toMatchObject([
      { topic: 'shop.reply', headers: { kafka_correlationId: Buffer.from('1') } },
      { topic: 'other.reply', headers: { kafka_correlationId: Buffer.from('2') } },
    ]);
    expect(consumer.copies.copied.map(({ value }) => value)).toEqual(
      consumer
        .published('answers')
        .slice(1)
        .map(({ value }) => value),
    );
  });

  it('are given of answers that are no decisions, too, and of repeats', async () => {
    const wrong = recordOf({ value: '{', headers: { kafka_replyTopic: 'shop.reply' } });
    const records = [auth.registered(), wrong, asking(1, 'shop.reply'), asking(1, 'shop.reply')];
    await workedOff(consumer, consumer.hand(records));
    expect(consumer.copies.copied.map(({ headers }) => headers['ce_type'])).toEqual([
      'CommandInvalid',
      'CommandAccepted',
      'CommandAccepted',
    ]);
  });

  it('never go to a topic of ours, whatever callers may name', async () => {
    consumer = await startConsumer({
      answer: (incoming) => ledger.gateway.receive(incoming),
      replyTopics: /.*/,
    });
    const names = [
      'capture.commands.v1',
      'capture.commands.v1.dead-letter',
      'capture.answers.v1',
      'capture.commands.v1.reply',
    ];
    await workedOff(
      consumer,
      consumer.hand([auth.registered(), ...names.map((t, n) => asking(n, t))]),
    );
    expect(consumer.copies.copied.map(({ topic }) => topic)).toEqual(['capture.commands.v1.reply']);
    const refused = consumer.told.filter(([news]) => news === 'copyFailed');
    expect(refused.map(([, topic, , failure]) => [topic, failure])).toEqual(
      names.slice(0, 3).map((name) => [name, 'forbidden_topic']),
    );
  });

  it.each([
    ['a topic that is not there', { kafka_replyTopic: 'nowhere.reply' }],
    ['a partition that is not there', { kafka_replyPartition: '999999' }],
    ['a partition below none', { kafka_replyPartition: '-1' }],
    ['a partition that is none', { kafka_replyPartition: 'x' }],
    ['a partition in Spring’s form', { kafka_replyPartition: Buffer.of(0, 0, 0, 2) }],
  ])(
    'that ask for %s hold nothing: all is answered, and the next group comes',
    async (_, headers) => {
      const asked = auth.captured(1, 1, {
        headers: { kafka_replyTopic: 'shop.reply', ...headers },
      });
      await workedOff(consumer, consumer.hand([auth.registered(), asked]));
      await workedOff(consumer, consumer.hand([auth.captured(2)]));
      expect(idsOf(consumer.published('answers'))).toEqual(
        auth.answerIds('register/accepted', 'c1/accepted', 'c2/accepted'),
      );
    },
  );

  it('are not made for those who asked long ago: a group that reads all again floods nobody', async () => {
    const old = asking(1, 'shop.reply', { timestamp: SENT_AT - 3_600_001 });
    const recent = asking(2, 'shop.reply');
    await workedOff(consumer, consumer.hand([auth.registered(), old, recent]));
    expect(consumer.copies.copied.map(({ headers }) => headers['kafka_correlationId'])).toEqual([
      Buffer.from('2'),
    ]);
  });

  it('may take their time without the broker taking us for dead', async () => {
    const copied = gate();
    consumer.copies.during = () => copied.passed;
    const handed = consumer.hand([auth.registered(), asking(1, 'shop.reply')]);
    await consumer.passUntil(() => handed.group.beats > 3);
    expect(handed.state.now).toBe('working');
    copied.open();
    await workedOff(consumer, handed);
    expect(handed.state.now).toBe('committed');
  });
});

const away = new StoreUnavailable('full', 'the disk is full');

describe('a fault of this program', () => {
  it.each([
    ['the store is broken', new StoreBroken('fsync failed')],
    ['something that nobody foresaw', new TypeError('undefined is not a function')],
  ])('ends the group without an answer: %s', async (_, fault) => {
    consumer = await startConsumer({ answer: () => Promise.reject(fault) });
    const handed = consumer.hand([auth.registered(), auth.poison()]);
    await expect(workedOff(consumer, handed)).rejects.toBe(fault);
    expect(consumer.sink.tried).toEqual([]);
    expect(consumer.clock.waiting).toBe(0);
  });

  it('is not taken for a store that is away beside it', async () => {
    let asked = 0;
    const fault = new StoreBroken('fsync failed');
    consumer = await startConsumer({
      answer: () => Promise.reject((asked += 1) % 2 === 1 ? away : fault),
    });
    await expect(
      workedOff(consumer, consumer.hand([auth.registered(), auth.captured(1)])),
    ).rejects.toBe(fault);
  });
});

describe('a large group', () => {
  it('is handed on in slices, so that others have their turn in between', async () => {
    let asked = 0;
    consumer = await startConsumer({
      answer: async () => {
        asked += 1;
        return { answer: { outcome: 'accepted' }, repeat: false };
      },
    });
    const handed = consumer.hand(Array.from({ length: 1_000 }, (_, n) => auth.captured(n)));
    const seen = new Set<number>();
    while (handed.state.now === 'working') {
      seen.add(asked);
      consumer.clock.advance(0);
      await turn();
    }
    expect([...seen]).toEqual([256, 512, 768]);
    expect(consumer.published('answers')).toHaveLength(1_000);
  });

  it('is answered in order all the same', async () => {
    const records = Array.from({ length: 700 }, (_, n) => auth.captured(n, 20_000));
    await workedOff(consumer, consumer.hand([auth.registered(), ...records]));
    expect(idsOf(consumer.published('answers'))).toEqual(
      auth.answerIds('register/accepted', ...records.map((_, n) => `c${n}/rejected`)),
    );
  });
});
