import type { Answer, Decided } from '#commands/answer.js';
import { answerRecord } from '#kafka/answer-record.js';
import type { InboundRecord } from '#kafka/records.js';
import { invalidAnswerTo } from './answered.js';
import { aCapture, binaryMode, CARD, NO_UTF8, plainly, recordOf } from './sent-record.js';
import type { Sent } from './sent-record.js';

const ANSWERS = 'capture.answers.v1';

const accepted: Answer = {
  commandId: 'cmd-1',
  commandType: 'CreateCapture',
  outcome: 'accepted',
  merchantAccountId: 'shop',
  authorizationId: 'auth-1',
  captureId: 'cap-1',
  revision: 3,
};

const answerTo = (record: InboundRecord, decided: Partial<Decided> = {}) =>
  answerRecord({ answer: accepted, repeat: false, ...decided }, record, ANSWERS);

/** The answer to what is no command. */
const invalid = async (record: InboundRecord) =>
  answerRecord(await invalidAnswerTo(record), record, ANSWERS);

describe('an answer', () => {
  it.each([
    ['accepted', 'CommandAccepted'],
    ['rejected', 'CommandRejected'],
    ['invalid', 'CommandInvalid'],
    ['failed', 'CommandFailed'],
  ] as const)('that says %s is a %s, keyed as every topic of ours', (outcome, type) => {
    const { revision, ...undecided } = { ...accepted, outcome };
    const isDecision = outcome === 'accepted' || outcome === 'rejected';
    const answer: Answer = isDecision ? { ...undecided, revision: Number(revision) } : undecided;
    const record = binaryMode(aCapture());
    const place = `${record.topic}/${record.partition}/${record.offset}`;
    expect(answerTo(record, { answer })).toStrictEqual({
      topic: ANSWERS,
      key: 'shop/auth-1',
      value: JSON.stringify(answer),
      headers: {
        ce_specversion: '1.0',
        ce_id: isDecision ? `shop/auth-1/cmd-1/${outcome}` : place,
        ce_type: type,
        ce_source: '/capture-ledger',
        'content-type': 'application/json',
      },
    });
  });

  it('that its id was used for another command is not taken for the refusal of that one', () => {
    const refused: Answer = { ...accepted, outcome: 'rejected', reason: 'capture_unknown' };
    const { revision: _, ...undecided } = refused;
    const reused: Answer = { ...undecided, reason: 'command_id_reused' };
    const records = [binaryMode(aCapture()), binaryMode(aCapture()), binaryMode(aCapture())];
    const ids = [refused, reused, reused].map(
      (answer, index) => answerTo(records[index]!, { answer }).headers['ce_id'],
    );
    expect(ids[0]).toBe('shop/auth-1/cmd-1/rejected');
    expect(new Set(ids).size).toBe(3);
  });

  it('is the same bytes on every repeat, and a header says that it is one', () => {
    const first = answerTo(binaryMode(aCapture(), { partition: 1 }));
    const again = answerTo(plainly(aCapture(), { partition: 2, timestamp: -1 }), { repeat: true });
    expect(again).toStrictEqual({
      ...first,
      headers: { ...first.headers, 'ledger-repeat': 'true' },
    });
  });

  it('says nothing of its sender’s but what it is told again by', () => {
    const headers = { 'x-secret': 'hunter2', kafka_replyTopic: 'shop.reply', traceparent: '00-…' };
    const answer = answerTo(binaryMode(aCapture(), { headers }));
    expect(Object.keys(answer.headers)).toEqual([
      'ce_specversion',
      'ce_id',
      'ce_type',
      'ce_source',
      'content-type',
    ]);
  });
});

describe('a correlation', () => {
  const anyBytes = Buffer.from([0, 255, 128, 1, 0, 7, 200, 10, 13, 34, 92, 1, 2, 3, 4, 254]);

  it.each([
    ['Nest, 21 letters', 'kafka_correlationId', Buffer.from('f3a1c9d2e4b5a6c7d8e9f')],
    ['Spring, 16 bytes', 'kafka_correlationId', anyBytes],
    ['CloudEvents', 'ce_correlationid', Buffer.from('basket-17')],
    ['nobody: it is empty', 'kafka_correlationId', Buffer.alloc(0)],
    ['somebody talkative', 'kafka_correlationId', Buffer.alloc(1_024, 7)],
  ])('comes back as it came, byte for byte: %s', (_, name, bytes) => {
    const { headers } = answerTo(binaryMode(aCapture(), { headers: { [name]: bytes } }));
    expect(headers[name]).toBe(bytes);
  });

  it('that comes more than once is the last', () => {
    const record = binaryMode(aCapture(), { headers: { kafka_correlationId: ['one', 'two'] } });
    expect(answerTo(record).headers['kafka_correlationId']).toEqual(Buffer.from('two'));
  });

  it('that was not given is not made up', () =>
    expect(answerTo(binaryMode(aCapture())).headers).not.toHaveProperty('kafka_correlationId'));

  it('that is too long to be one does not come back: the answer must fit into a record', () => {
    const headers = { kafka_correlationId: Buffer.alloc(1_025) };
    expect(answerTo(binaryMode(aCapture(), { headers })).headers).not.toHaveProperty(
      'kafka_correlationId',
    );
  });
});

describe('the answer to a record', () => {
  it('without an id is known by where the record was', async () => {
    const { commandId: _, ...message } = aCapture();
    const record = plainly(message, { partition: 2 });
    const { key, headers } = await invalid(record);
    expect(key).toBe('default/auth-1');
    expect(headers['ce_id']).toBe(`capture.commands.v1/2/${record.offset}`);
  });

  it('that is no JSON has its key, and is the same when the record is delivered again', async () => {
    const record = recordOf({ value: '{"amount":', headers: { ce_id: 'cmd-1' } });
    const [first, again] = [await invalid(record), await invalid(record)];
    expect(first.key).toBe('auth-1');
    expect(first.headers['ce_id']).toBe(`capture.commands.v1/0/${record.offset}`);
    expect(again).toStrictEqual(first);
  });

  it.each<[string, Sent]>([
    ['that is no UTF-8', { key: NO_UTF8 }],
    ['that is no id', { key: 'shop/auth-1' }],
    ['of 1 KiB', { key: 'k'.repeat(1_024) }],
  ])('of no authorization has the record’s own key: one %s', async (_, sent) => {
    const record = recordOf({ ...sent, value: 'x', headers: { ce_id: 'cmd-1' } });
    const { key, headers } = await invalid(record);
    expect(key).toBe(record.key);
    expect(headers['ce_id']).toBe(`capture.commands.v1/0/${record.offset}`);
  });

  it.each<[string, Sent]>([
    ['there is none', { key: null }],
    ['it is too long to be one', { key: 'k'.repeat(1_025) }],
    ['it holds card data', { key: CARD }],
  ])('has no key where %s', async (_, sent) => {
    const { key } = await invalid(recordOf({ ...sent, value: 'x' }));
    expect(key).toBeNull();
  });

  it('fits into a record, whatever the record was filled with', async () => {
    const MiB = 1024 * 1024;
    const names = Array.from({ length: 400 }, (_, n) => `${n}${'~'.repeat(120)}`);
    const deep = Object.fromEntries(names.map((name) => [name, { '\\u0000': '\ud800' }]));
    for (const sent of [
      { key: 'k'.repeat(MiB) },
      { value: 'v'.repeat(MiB) },
      { value: JSON.stringify(deep).replaceAll('\\\\u', '\\u') },
      { headers: { kafka_correlationId: 'c'.repeat(MiB) } },
      { headers: { ce_correlationid: 'c'.repeat(MiB) } },
      { headers: { ce_id: 'i'.repeat(MiB), ce_source: 's'.repeat(MiB) } },
    ]) {
      const { key, value, headers } = await invalid(recordOf(sent));
      const bytes = [key, value, ...Object.values(headers)].map((one) => String(one)).join('');
      expect(Buffer.byteLength(bytes)).toBeLessThan(MiB / 2);
    }
  });
});
