import type { OutRecord } from '#kafka/records.js';
import { replyCopy } from '#kafka/reply-copy.js';
import { aCapture, binaryMode, NO_UTF8, SENT_AT } from './sent-record.js';
import type { Sent } from './sent-record.js';

const HOUR = 60 * 60 * 1_000;

const answer: OutRecord = {
  topic: 'capture.answers.v1',
  key: 'default/auth-1',
  value: '{"outcome":"accepted"}',
  headers: { ce_id: 'default/auth-1/cmd-1/accepted', kafka_correlationId: Buffer.of(0, 255) },
};

const replyTopics = /^[A-Za-z0-9._-]+\.repl(y|ies)$/;

/** What was told of copies that are not given: the topic, and how it is counted. */
const refusals: (readonly string[])[] = [];
beforeEach(() => void refusals.splice(0));

const rules = {
  replyTopics,
  ours: new Set(['ours.reply']),
  now: SENT_AT,
  refused: (topic: string, _why: string, failure: string) => void refusals.push([topic, failure]),
};

/** The copy for a caller who wants one in a topic of its own. */
const copyFor = (
  { headers, ...sent }: Sent = {},
  { allowed = replyTopics, now = SENT_AT }: Readonly<{ allowed?: RegExp; now?: number }> = {},
) =>
  replyCopy(
    answer,
    binaryMode(aCapture(), { headers: { kafka_replyTopic: 'shop.reply', ...headers }, ...sent }),
    { ...rules, replyTopics: allowed, now },
  );

describe('the copy of an answer', () => {
  it('is the answer in the topic that its caller named, and ends the stream of a caller in Nest', () =>
    expect(copyFor()).toStrictEqual({
      ...answer,
      topic: 'shop.reply',
      headers: { ...answer.headers, 'kafka_nest-is-disposed': Buffer.of(0) },
    }));

  it('is not made where none was asked for', () => {
    const record = binaryMode(aCapture());
    expect(replyCopy(answer, record, rules)).toBeUndefined();
    expect(refusals).toEqual([]);
  });

  it('goes where was asked for last', () =>
    expect(copyFor({ headers: { kafka_replyTopic: ['a.reply', 'b.replies'] } })?.topic).toBe(
      'b.replies',
    ));
});

describe('a copy that is not given is told:', () => {
  it.each<[string, Record<string, string | Buffer>, string, string]>([
    [
      'a forbidden topic',
      { kafka_replyTopic: 'capture.events.v1' },
      'capture.events.v1',
      'forbidden_topic',
    ],
    ['a topic of ours', { kafka_replyTopic: 'ours.reply' }, 'ours.reply', 'forbidden_topic'],
    ['no topic', { kafka_replyTopic: 'a b' }, 'what is no name of a topic', 'forbidden_topic'],
    [
      'a card as a topic',
      { kafka_replyTopic: '4111111111111111' },
      'what is no name of a topic',
      'forbidden_topic',
    ],
    ['no partition', { kafka_replyPartition: 'x' }, 'shop.reply', 'unusable_partition'],
  ])('%s', (_, headers, topic, failure) => {
    expect(copyFor({ headers })).toBeUndefined();
    expect(refusals).toEqual([[topic, failure]]);
  });

  it('a correlation that is too long to be repeated, so that nobody could match it', () => {
    const { kafka_correlationId: _, ...others } = answer.headers;
    const headers = { kafka_replyTopic: 'shop.reply', kafka_correlationId: 'x'.repeat(1_025) };
    const record = binaryMode(aCapture(), { headers });
    expect(replyCopy({ ...answer, headers: others }, record, rules)).toBeUndefined();
    expect(refusals).toEqual([['shop.reply', 'correlation_too_long']]);
  });

  it('but not where nobody waits any more', () => {
    const late = { now: SENT_AT + HOUR + 1 };
    expect(copyFor({ headers: { kafka_replyTopic: 'a b' } }, late)).toBeUndefined();
    expect(refusals).toEqual([]);
  });
});

describe('a topic for copies', () => {
  it.each([
    'capture.commands.v1.reply',
    'shop_1.eu-west.replies',
    `${'a'.repeat(249 - '.reply'.length)}.reply`,
  ])('is taken where the list allows it: %s', (topic) =>
    expect(copyFor({ headers: { kafka_replyTopic: topic } })?.topic).toBe(topic),
  );

  it.each<[string, string | Buffer]>([
    ['one of ours', 'capture.events.v1'],
    ['without a name', ''],
    ['that only begins as it should', 'shop.reply.archive'],
    ['with a line break behind it', 'shop.reply\n'],
    ['too long for Kafka', `${'a'.repeat(250 - '.reply'.length)}.reply`],
    ['that is no text', Buffer.concat([NO_UTF8, Buffer.from('.reply')])],
  ])('is not taken: one %s', (_, topic) =>
    expect(copyFor({ headers: { kafka_replyTopic: topic } })).toBeUndefined(),
  );

  it.each(['shop reply', 'shop/reply', 'shop\0reply', 'récépissé', '.', '..', ''])(
    'is no name that Kafka knows, however much the list allows: %j',
    (topic) =>
      expect(copyFor({ headers: { kafka_replyTopic: topic } }, { allowed: /.*/ })).toBeUndefined(),
  );
});

const bigEndian = (partition: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(partition);
  return bytes;
};

describe('a partition for copies', () => {
  it.each<[string, string | Buffer, number]>([
    ['by Nest', '0', 0],
    ['by Nest', '23', 23],
    ['by Nest, four digits', '1234', 1_234],
    ['by Nest, beyond what any topic has', '999999', 999_999],
    ['by Nest, the most digits', '999999999', 999_999_999],
    ['by Spring', bigEndian(0), 0],
    ['by Spring', bigEndian(23), 23],
    ['by Spring, beyond what any topic has', bigEndian(999_999), 999_999],
    ['by Spring, the most', bigEndian(2 ** 31 - 1), 2 ** 31 - 1],
  ])('is named %s: %j', (_, header, partition) =>
    expect(copyFor({ headers: { kafka_replyPartition: header } })?.partition).toBe(partition),
  );

  it.each<[string, string | Buffer]>([
    ['a letter', 'x'],
    ['less than none', '-1'],
    ['less than none', bigEndian(-1)],
    ['less than none', bigEndian(-(2 ** 31))],
    ['nothing', ''],
    ['a blank', ' 1'],
    ['a fraction', '1.5'],
    ['ten digits', '1234567890'],
    ['three bytes', Buffer.of(0, 0, 1)],
    ['eight bytes', Buffer.alloc(8)],
    ['digits of another script', '٣'],
    ['text of four letters that begins below none', Buffer.from('ÿÿ')],
  ])('is none, and so there is no copy: %s %j', (_, header) =>
    expect(copyFor({ headers: { kafka_replyPartition: header } })).toBeUndefined(),
  );

  it('is left to the key where none is named', () =>
    expect(copyFor()).not.toHaveProperty('partition'));

  it('is the one that is named last', () =>
    expect(copyFor({ headers: { kafka_replyPartition: ['x', '2'] } })?.partition).toBe(2));
});

describe('a caller', () => {
  it.each([
    ['who asked just now', SENT_AT],
    ['who asked an hour ago', SENT_AT + HOUR],
    ['whose clock is ahead', SENT_AT - HOUR],
  ])('%s gets a copy', (_, now) => expect(copyFor({}, { now })).toBeDefined());

  it('who asked longer ago does not wait any more', () =>
    expect(copyFor({}, { now: SENT_AT + HOUR + 1 })).toBeUndefined());

  it('of whom nobody knows when it asked gets none', () =>
    expect(copyFor({ timestamp: -1 })).toBeUndefined());
});
