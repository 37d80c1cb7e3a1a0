import type { CommandType } from '#capture/commands.js';
import { commandClasses, jsonSchemaOf } from '#commands/command-classes.js';
import { commandTypes, flawsOf, messageOf, parsed, payloads } from './messages.js';

type Members = Record<string, unknown>;

const membersOf = (type: CommandType): readonly string[] =>
  Object.keys(jsonSchemaOf(type)['properties'] as Members);
const requiredOf = (type: CommandType) => jsonSchemaOf(type)['required'] as readonly string[];

const pointersOf = (message: Members): readonly string[] =>
  flawsOf(message).map(({ pointer }) => pointer);

describe.each(commandTypes)('%s', (type) => {
  const { least, most } = payloads[type];

  it('is a command that the bus knows by a class of its own', () => {
    const command = parsed(messageOf(type));
    expect(command).toBeInstanceOf(commandClasses.get(type));
    expect(Object.getPrototypeOf(command).constructor.name).toBe(type);
  });

  it.each([
    ['the least', least],
    ['all', most],
  ])('takes %s that may be said, and hands it on as it was said', (_, payload) =>
    expect(parsed(messageOf(type, payload)).command).toMatchObject({ type, ...payload }),
  );

  it('has no members but those', () => {
    const envelope = [
      'type',
      'commandId',
      'merchantAccountId',
      'authorizationId',
      'issuedAt',
      'actor',
    ];
    const said = new Set([...envelope, ...Object.keys(most), 'deviceIp']);
    expect(membersOf(type).filter((name) => !said.has(name))).toEqual([]);
  });

  it.each(requiredOf(type))('must say %s', (name) =>
    expect(flawsOf(messageOf(type, { [name]: undefined }))).toEqual([
      { pointer: `/${name}`, message: 'must be there' },
    ]),
  );

  it.each(membersOf(type))('refuses a list for %s', (name) => {
    const pointers = pointersOf(messageOf(type, { [name]: [[]] }));
    expect(pointers.every((pointer) => pointer.startsWith(`/${name}`))).toBe(true);
  });

  it('refuses a member that it does not know', () =>
    expect(flawsOf(messageOf(type, { amuont: 1 }))).toEqual([
      { pointer: '/amuont', message: 'must be left out: there is no member of this name here' },
    ]));

  it('takes a member that is null for one that was left out', () => {
    const nulls = Object.fromEntries(
      membersOf(type)
        .filter((name) => !(name in messageOf(type)))
        .map((name) => [name, null]),
    );
    expect(parsed(messageOf(type, nulls)).command).toEqual(parsed(messageOf(type)).command);
    expect(parsed(messageOf(type, nulls)).fingerprint).toBe(parsed(messageOf(type)).fingerprint);
  });
});

const text = (length: number) => 'x'.repeat(length);
const id128 = `${text(122)}.A_:~9`.padEnd(128, '-');
const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));
const item = (changes: Members) => ({
  cartItems: [{ name: 'Bag', quantity: 1, unitAmount: 0, ...changes }],
});

describe('A member at its limit is taken, and one beyond is refused:', () => {
  it.each<[CommandType, Members, Members, string]>([
    ['CreateCapture', { captureId: id128 }, { captureId: text(129) }, '/captureId'],
    ['CreateCapture', { commandId: id128 }, { commandId: `${id128}x` }, '/commandId'],
    [
      'CreateCapture',
      { authorizationId: id128 },
      { authorizationId: text(129) },
      '/authorizationId',
    ],
    ['CreateCapture', { merchantAccountId: 'a' }, { merchantAccountId: '' }, '/merchantAccountId'],
    ['RefundCapture', { refundId: 'a.b_c:d~e-f' }, { refundId: 'a/b' }, '/refundId'],
    ['CreateCapture', { commandId: 'a' }, { commandId: 'a\n' }, '/commandId'],
    ['CreateCapture', { commandId: '1' }, { commandId: 1 }, '/commandId'],
    ['CreateCapture', { amount: 1 }, { amount: 0 }, '/amount'],
    ['CreateCapture', { amount: 2 ** 53 - 1 }, { amount: 2 ** 53 }, '/amount'],
    ['CreateCapture', { amount: 1 }, { amount: 1.5 }, '/amount'],
    ['CreateCapture', { amount: 1 }, { amount: -1 }, '/amount'],
    ['CreateCapture', { amount: 1 }, { amount: '1' }, '/amount'],
    ['CreateCapture', { amount: 1 }, { amount: 1e21 }, '/amount'],
    ['CreateCapture', { currency: 'EUR' }, { currency: 'eur' }, '/currency'],
    ['CreateCapture', { currency: 'XCG' }, { currency: 'ANG' }, '/currency'],
    ['CreateCapture', { currency: 'MGA' }, { currency: 'toString' }, '/currency'],
    ['CreateCapture', { final: true }, { final: 'true' }, '/final'],
    ['CreateCapture', { reference: text(300) }, { reference: text(301) }, '/reference'],
    ['CreateCapture', { reference: '😀'.repeat(300) }, { reference: '' }, '/reference'],
    ['CreateCapture', { installments: 1 }, { installments: 0 }, '/installments'],
    ['CreateCapture', { installments: 999 }, { installments: 1000 }, '/installments'],
    ['CreateCapture', { date: '2028-02-29' }, { date: '2026-02-29' }, '/date'],
    ['CreateCapture', { date: '2026-11-21' }, { date: '2026-11-21T00:00:00Z' }, '/date'],
    [
      'CreateCapture',
      { issuedAt: '2026-04-30T00:00:00.000Z' },
      { issuedAt: '2026-04-31T00:00:00Z' },
      '/issuedAt',
    ],
    ['CreateCapture', { actor: text(300) }, { actor: text(301) }, '/actor'],
    ['CreateCapture', { metadata: keys(50) }, { metadata: keys(51) }, '/metadata'],
    [
      'CreateCapture',
      { metadata: { [text(40)]: 1 } },
      { metadata: { [text(41)]: 1 } },
      `/metadata/${text(41)}`,
    ],
    ['CreateCapture', { metadata: {} }, { metadata: { '': 1 } }, '/metadata/'],
    [
      'CreateCapture',
      { metadata: { a: text(500) } },
      { metadata: { a: text(501) } },
      '/metadata/a',
    ],
    [
      'CreateCapture',
      { metadata: { a: 2 ** 53 - 1 } },
      { metadata: { a: 2 ** 53 } },
      '/metadata/a',
    ],
    ['CreateCapture', { metadata: { a: -0.5 } }, { metadata: { a: {} } }, '/metadata/a'],
    [
      'CreateCapture',
      { metadata: { 'a/~b': '' } },
      { metadata: { 'a/~b': [] } },
      '/metadata/a~1~0b',
    ],
    ['CreateCapture', item({ name: text(255) }), item({ name: text(256) }), '/cartItems/0/name'],
    [
      'CreateCapture',
      item({ quantity: 99_999_999 }),
      item({ quantity: 100_000_000 }),
      '/cartItems/0/quantity',
    ],
    ['CreateCapture', item({ quantity: 1 }), item({ quantity: 0 }), '/cartItems/0/quantity'],
    ['CreateCapture', item({ unitAmount: 0 }), item({ unitAmount: -1 }), '/cartItems/0/unitAmount'],
    [
      'CreateCapture',
      item({ dutyAmount: 99_999_999 }),
      item({ dutyAmount: 1e8 }),
      '/cartItems/0/dutyAmount',
    ],
    ['CreateCapture', item({ sku: text(200) }), item({ sku: text(201) }), '/cartItems/0/sku'],
    ['CreateCapture', item({ upc: text(50) }), item({ upc: text(51) }), '/cartItems/0/upc'],
    [
      'CreateCapture',
      item({ categories: [text(50)] }),
      item({ categories: [text(51)] }),
      '/cartItems/0/categories/0',
    ],
    [
      'CreateCapture',
      item({ categories: [] }),
      item({ categories: [null] }),
      '/cartItems/0/categories/0',
    ],
    [
      'CreateCapture',
      item({ sellerCountry: 'DE' }),
      item({ sellerCountry: 'de' }),
      '/cartItems/0/sellerCountry',
    ],
    [
      'CreateCapture',
      item({ productType: 'surcharge' }),
      item({ productType: 'tax' }),
      '/cartItems/0/productType',
    ],
    ['CreateCapture', item({ taxExempt: true }), item({ taxExempt: 1 }), '/cartItems/0/taxExempt'],
    ['CreateCapture', item({}), item({ colour: 'red' }), '/cartItems/0/colour'],
    ['CreateCapture', { cartItems: [] }, { cartItems: [7] }, '/cartItems/0'],
    [
      'RegisterAuthorization',
      { captureMethod: 'manual' },
      { captureMethod: 'auto' },
      '/captureMethod',
    ],
    ['RegisterAuthorization', { maxCaptures: 1 }, { maxCaptures: 0 }, '/maxCaptures'],
    ['RegisterAuthorization', { maxCaptures: 10_000 }, { maxCaptures: 10_001 }, '/maxCaptures'],
    ['RegisterAuthorization', { mode: 'live' }, { mode: 'prod' }, '/mode'],
    [
      'RegisterAuthorization',
      { overCapture: { percentage: 0 } },
      { overCapture: { percentage: -1 } },
      '/overCapture/percentage',
    ],
    [
      'RegisterAuthorization',
      { overCapture: { percentage: 10_000 } },
      { overCapture: { percentage: 10_001 } },
      '/overCapture/percentage',
    ],
    [
      'RegisterAuthorization',
      { overCapture: { percentage: 10 } },
      { overCapture: { percentage: 2.5 } },
      '/overCapture/percentage',
    ],
    [
      'RegisterAuthorization',
      { overCapture: { amount: 1 } },
      { overCapture: { amount: 0 } },
      '/overCapture/amount',
    ],
    ['RegisterAuthorization', { overCapture: { amount: 1 } }, { overCapture: {} }, '/overCapture'],
    [
      'RegisterAuthorization',
      { overCapture: { amount: 1 } },
      { overCapture: { amount: null } },
      '/overCapture',
    ],
    [
      'RegisterAuthorization',
      { overCapture: { amount: 1 } },
      { overCapture: { amount: 1, extra: 1 } },
      '/overCapture/extra',
    ],
    ['VoidAuthorization', { reason: text(1000) }, { reason: text(1001) }, '/reason'],
    ['RecordCaptureOutcome', { outcome: 'uncertain' }, { outcome: 'voided' }, '/outcome'],
    ['RecordCaptureOutcome', { error: { message: '' } }, { error: { code: '' } }, '/error/code'],
    [
      'RecordCaptureOutcome',
      { error: { reason: text(1000) } },
      { error: { reason: text(1001) } },
      '/error/reason',
    ],
    [
      'RecordCaptureOutcome',
      { rawResponseDescription: '' },
      { rawResponseCode: '' },
      '/rawResponseCode',
    ],
    ['RecordCancelOutcome', { outcome: 'failed' }, { outcome: 'pending' }, '/outcome'],
    ['RecordRefundOutcome', { outcome: 'voided' }, { outcome: 'uncertain' }, '/outcome'],
    ['CancelCapture', { mode: 'auto' }, { mode: 'both' }, '/mode'],
    ['CancelCapture', {}, { refundId: 'ref-1' }, '/refundId'],
  ])('%s %j', (type, good, bad, pointer) => {
    expect(parsed(messageOf(type, good)).command).toMatchObject(good);
    expect(pointersOf(messageOf(type, bad))).toEqual([pointer]);
  });
});

describe('Members that go together', () => {
  it('a capture id is said with the registration of an automatic authorization only', () => {
    const said = { captureId: 'cap-1' };
    const automatic = messageOf('RegisterAuthorization', { ...said, captureMethod: 'automatic' });
    expect(parsed(automatic).command).toMatchObject(said);
    for (const captureMethod of ['manual', 'manual_multiple']) {
      expect(flawsOf(messageOf('RegisterAuthorization', { ...said, captureMethod }))).toEqual([
        {
          pointer: '/captureId',
          message: 'must be left out unless captureMethod is automatic',
        },
      ]);
    }
  });

  it('over-capture and several captures exclude each other', () => {
    const message = messageOf('RegisterAuthorization', {
      captureMethod: 'manual_multiple',
      overCapture: { percentage: 10 },
    });
    expect(pointersOf(message)).toEqual(['/overCapture']);
  });
});

describe('What is wrong', () => {
  it.each<[CommandType, Members, string, string]>([
    [
      'CreateCapture',
      { amount: 0.5 },
      '/amount',
      'a whole number of minor units, 1 to 9007199254740991',
    ],
    ['CreateCapture', { currency: 'EURO' }, '/currency', 'a currency of ISO 4217'],
    [
      'CreateCapture',
      { captureId: '' },
      '/captureId',
      '1 to 128 characters of A-Z a-z 0-9 . _ : ~ -',
    ],
    ['CreateCapture', { cartItems: {} }, '/cartItems', 'a list'],
    ['CreateCapture', { metadata: 7 }, '/metadata', 'an object of at most 50 members'],
    ['CancelCapture', { mode: 'both' }, '/mode', 'one of void, refund, auto'],
    ['RecordCaptureOutcome', { error: 'no' }, '/error', 'an object'],
    [
      'RegisterAuthorization',
      { overCapture: {} },
      '/overCapture',
      'an object with amount or percentage',
    ],
  ])('is told in words that say what would be right: %s %j', (type, wrong, pointer, right) =>
    expect(flawsOf(messageOf(type, wrong))).toEqual([{ pointer, message: `must be ${right}` }]),
  );

  it('is told all at once, but never more than twenty times', () =>
    expect(
      flawsOf(messageOf('VoidAuthorization', keys(494))).map(({ pointer }) => pointer),
    ).toEqual(Array.from({ length: 20 }, (_, index) => `/k${index}`)));

  // With the message itself and its envelope that is one value more than 500.
  it('is told once of a message so long that looking for all of it would take long', () =>
    expect(
      flawsOf(messageOf('VoidAuthorization', keys(495))).map(({ pointer }) => pointer),
    ).toEqual(['/k0']));
});

describe('The published schema of a command', () => {
  it('asks for what only the body can say', () =>
    expect(jsonSchemaOf('SetNextRefundAmount')).toEqual({
      title: 'SetNextRefundAmount',
      type: 'object',
      description: 'an object',
      additionalProperties: false,
      required: expect.arrayContaining(['captureId', 'amount', 'authorizationId']),
      properties: expect.objectContaining({
        amount: {
          type: 'integer',
          minimum: 1,
          maximum: 2 ** 53 - 1,
          description: 'a whole number of minor units, 1 to 9007199254740991',
        },
      }),
    }));

  it('writes out what is nested, and refuses unknown members there too', () =>
    expect(jsonSchemaOf('CreateCapture')).toMatchObject({
      properties: {
        cartItems: { type: 'array', items: { type: 'object', additionalProperties: false } },
        deviceIp: { not: {} },
      },
    }));
});
