import { expectConforming, flawsOf } from './conformance.js';
import { headerTexts } from './seen-record.js';
import type { SeenRecord } from './seen-record.js';

const member = (name: string, value: unknown) => (record: SeenRecord) => ({
  ...record,
  value: JSON.stringify({ ...JSON.parse(String(record.value)), [name]: value }),
});
const header = (name: string, value: string | undefined) => (record: SeenRecord) => ({
  ...record,
  headers: { ...headerTexts(record), [name]: value },
});
const set = (changes: Partial<SeenRecord>) => (record: SeenRecord) => ({ ...record, ...changes });

type Change = readonly [string, (record: SeenRecord) => SeenRecord];

const inCloudEvents = { 'content-type': 'application/cloudevents+json' };
const command: SeenRecord = {
  topic: 'test.capture.commands.v1',
  key: Buffer.from('auth-1'),
  value: Buffer.from('{"authorizationId":"auth-1","captureId":"cap-1","amount":7000}'),
  headers: { ce_specversion: '1.0', ce_id: 'cmd-1', ce_type: 'CreateCapture', ce_source: '/shop' },
};
const answer: SeenRecord = {
  topic: 'test.capture.answers.v1',
  key: 'default/auth-1',
  value: JSON.stringify({
    commandId: 'cmd-1',
    commandType: 'CreateCapture',
    outcome: 'accepted',
    merchantAccountId: 'default',
    authorizationId: 'auth-1',
    captureId: 'cap-1',
    revision: 1,
  }),
  headers: {
    ce_specversion: '1.0',
    ce_id: 'default/auth-1/cmd-1/accepted',
    ce_type: 'CommandAccepted',
    ce_source: '/capture-ledger',
    'content-type': 'application/json',
    'ledger-repeat': 'true',
  },
};
const deadLetter: SeenRecord = {
  topic: 'test.capture.commands.v1.dead-letter',
  key: null,
  value: null,
  headers: {
    'kafka_dlt-original-topic': 'test.capture.commands.v1',
    'kafka_dlt-original-partition': '2',
    'kafka_dlt-original-offset': '17',
    'kafka_dlt-original-timestamp': '1795251600000',
    'kafka_dlt-exception-fqcn': 'command.invalid',
    'kafka_dlt-exception-message': 'it seems to hold card data; nothing of it is kept',
    'ledger-reason': 'invalid',
  },
};
const copy = header('kafka_nest-is-disposed', '\0')({ ...answer, topic: 'shop.reply' });

describe.each<[string, SeenRecord, readonly Change[]]>([
  [
    'A command',
    command,
    [
      ['without a key', set({ key: null })],
      ['with another key', set({ key: 'auth-2' })],
      ['that is no JSON', set({ value: 'no JSON' })],
      ['that is a list', set({ value: '[]' })],
      ['of another type', header('ce_type', 'CreateCaptures')],
      ['of no type', header('ce_type', undefined)],
      ['without an id', header('ce_id', undefined)],
      ['with another id in its value', member('commandId', 'cmd-2')],
      ['with a member too many', member('surprise', 1)],
      ['with a member that is wrong', member('amount', 0)],
      ['that says to be a CloudEvent, and is none', set({ headers: inCloudEvents })],
    ],
  ],
  [
    'A CloudEvent',
    {
      ...command,
      value: JSON.stringify({
        specversion: '1.0',
        id: 'cmd-1',
        type: 'CreateCapture',
        source: '/shop',
        data: { amount: 7000 },
      }),
      headers: inCloudEvents,
    },
    [
      ['without data', member('data', undefined)],
      ['with a member that is wrong', member('data', { amount: 0 })],
      ['of another version', member('specversion', '0.3')],
      ['with another id in its data', member('data', { commandId: 'cmd-2' })],
    ],
  ],
  [
    'An answer',
    answer,
    [
      ['with a member too many', member('surprise', 1)],
      ['without a revision', member('revision', undefined)],
      ['with another outcome', member('outcome', 'rejected')],
      ['with another key', set({ key: 'auth-1' })],
      ['with another ce_id', header('ce_id', 'cmd-1')],
      ['of another type', header('ce_type', 'CommandRejected')],
      ['of no source', header('ce_source', undefined)],
      ['with a repeat that is not true', header('ledger-repeat', 'yes')],
      ['that says what only copies say', header('kafka_nest-is-disposed', '')],
    ],
  ],
  [
    'A copy of an answer',
    copy,
    [
      ['that Nest would wait behind', header('kafka_nest-is-disposed', undefined)],
      ['with a member too many', member('surprise', 1)],
    ],
  ],
  [
    'A dead letter with card data',
    deadLetter,
    [
      ['and its value', set({ value: '4111 1111 1111 1111' })],
      ['and its key', set({ key: 'auth-1' })],
      ['and its headers', header('ce_id', 'cmd-1')],
      ['without a reason', header('ledger-reason', undefined)],
      ['with another reason', header('ledger-reason', 'bad luck')],
      ['from nowhere', header('kafka_dlt-original-topic', 'orders')],
    ],
  ],
])('%s', (_, right, changes) => {
  it('conforms', () => expect(() => expectConforming(right)).not.toThrow());

  it.each(changes)('does not conform: %s', (_what, changed) => {
    expect(flawsOf(changed(right))).not.toEqual([]);
    expect(() => expectConforming(changed(right))).toThrow('not as docs/messages says');
  });
});
