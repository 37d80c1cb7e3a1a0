import type { CommandType } from '#capture/commands.js';
import { flawsOf, invalidOf, messageOf, parsed } from './messages.js';

const CARD = '4111 1111 1111 1111';

describe('A card number is refused', () => {
  it.each<[CommandType, Record<string, unknown>, string]>([
    ['CreateCapture', { reference: CARD }, '/reference'],
    ['CreateCapture', { externalIdentifier: CARD }, '/externalIdentifier'],
    ['CreateCapture', { statementDescriptor: CARD }, '/statementDescriptor'],
    ['CreateCapture', { idempotencyKey: CARD }, '/idempotencyKey'],
    ['CreateCapture', { actor: `holder of ${CARD}` }, '/actor'],
    ['CreateCapture', { metadata: { note: CARD } }, '/metadata/note'],
    ['CreateCapture', { metadata: { note: 4111111111111111 } }, '/metadata/note'],
    ['CreateCapture', { metadata: { [CARD]: true } }, '/metadata'],
    [
      'CreateCapture',
      { cartItems: [{ name: CARD, quantity: 1, unitAmount: 1 }] },
      '/cartItems/0/name',
    ],
    [
      'CreateCapture',
      { cartItems: [{ name: 'Bag', quantity: 1, unitAmount: 1, categories: ['a', CARD] }] },
      '/cartItems/0/categories/1',
    ],
    ['RegisterAuthorization', { connector: CARD }, '/connector'],
    ['RegisterAuthorization', { paymentSourceRef: CARD }, '/paymentSourceRef'],
    ['VoidAuthorization', { reason: `lost ${CARD}` }, '/reason'],
    ['AdjustAuthorization', { reason: CARD }, '/reason'],
    ['ForwardStuckCapture', { evidence: CARD }, '/evidence'],
    ['RecordCaptureOutcome', { rawResponseDescription: CARD }, '/rawResponseDescription'],
    ['RecordCaptureOutcome', { error: { message: CARD } }, '/error/message'],
    ['RecordRefundOutcome', { error: { reason: CARD } }, '/error/reason'],
    ['RefundCapture', { reason: CARD }, '/reason'],
    ['RefundCapture', { metadata: { a: CARD } }, '/metadata/a'],
  ])('in free text, and never repeated: %s %j', (type, said, pointer) => {
    const invalid = invalidOf(messageOf(type, said));
    expect(invalid.errors).toEqual([{ pointer, message: 'must not hold a card number' }]);
    expect(invalid.withheld).toBe('card data');
    expect(JSON.stringify(invalid)).not.toMatch(/4111/);
  });

  it.each([
    ['the name of an unknown member', { [CARD]: 1 }],
    ['a type', { type: CARD }],
    ['an id', { captureId: CARD }],
    ['an amount', { amount: CARD }],
  ])('and never repeated where it stands for %s', (_, said) =>
    expect(JSON.stringify(invalidOf(messageOf('CreateCapture', said)))).not.toMatch(/4111/),
  );

  it('and known to be there in a body that is no JSON, so that its bytes are not kept', () => {
    expect(invalidOf(`{"reference":"${CARD}"`).withheld).toBe('card data');
    expect(invalidOf(new TextEncoder().encode(`{"cvv":1`)).withheld).toBe('card data');
    expect(invalidOf('{"reference":"order 17"')).not.toHaveProperty('withheld');
  });

  it('but not in what a connector calls its own things, which is often as long', () =>
    expect(
      parsed(
        messageOf('RecordCaptureOutcome', {
          connectorReferenceId: '4111111111111111',
          connectorEventId: '4012888888881881',
        }),
      ).command,
    ).toMatchObject({ connectorReferenceId: '4111111111111111' }));
});

describe('Metadata', () => {
  it.each(['cvv', 'CVC', 'pan', 'card_number', 'cardNumber', 'credit-card-number', 'track2'])(
    'is refused where it is named as card data: %s',
    (name) =>
      expect(flawsOf(messageOf('CreateCapture', { metadata: { [name]: 'x' } }))).toEqual([
        {
          pointer: `/metadata/${name}`,
          message: 'must be left out: its name is that of card data',
        },
      ]),
  );

  it.each([
    'email',
    'customer_email',
    'E-Mail',
    'EMAILADDRESS',
    'phone',
    'phoneNumber',
    'mobile',
    'name',
    'first_name',
    'lastName',
    'card holder name',
    'customerName',
    'address',
    'billing_address_2',
    'ip',
    'IP',
    'ip_address',
    'client-ip',
    'deviceIp',
    'remoteIPv4',
    'iban',
    'debtorIban',
    'birth',
    'date_of_birth',
    'birthday',
    'dob',
    'passport',
    'surname',
    'ssn',
  ])('is refused where it is named as personal data: %s', (name) =>
    expect(flawsOf(messageOf('RefundCapture', { metadata: { [name]: 'x' } }))).toEqual([
      {
        pointer: `/metadata/${name}`,
        message:
          'must be left out: its name is that of personal data, which cannot be kept encrypted yet',
      },
    ]),
  );

  it.each([
    'orderId',
    'productName',
    'campaign_name',
    'tip',
    'shipping',
    'ship',
    'zip',
    'membership',
    'company',
    'constructor',
    'toString',
    'filename',
    'street_art_no',
    'ean',
  ])('may have a member %s', (name) =>
    expect(parsed(messageOf('CreateCapture', { metadata: { [name]: '1' } })).command).toMatchObject(
      {
        metadata: { [name]: '1' },
      },
    ),
  );
});

describe('The address of a device', () => {
  it('is refused until it can be kept encrypted', () => {
    const invalid = invalidOf(messageOf('CreateCapture', { deviceIp: '12.7.8.120' }));
    expect(invalid.errors).toEqual([
      {
        pointer: '/deviceIp',
        message: 'must be left out: it is personal, and cannot be kept encrypted yet',
      },
    ]);
    expect(JSON.stringify(invalid)).not.toContain('12.7.8.120');
    expect(invalid.withheld).toBe('personal data');
  });
});

describe('Personal data in what is refused must not be kept', () => {
  it.each<[string, Record<string, unknown>]>([
    ['in metadata', { metadata: { customer_email: 'x' } }],
    ['as a name in metadata', { metadata: { name: 'x' } }],
    ['in what is no member', { shopper: { phone: 'x' } }],
    ['as a name in what is no member', { shopper: { name: 'x' } }],
    ['in a line of the order', { cartItems: [{ name: 'Bag', buyerName: 'x' }] }],
  ])('%s', (_, said) =>
    expect(invalidOf(messageOf('CreateCapture', said)).withheld).toBe('personal data'),
  );

  it('also where it is no JSON', () =>
    expect(invalidOf('{"deviceIp":"12.7.8.120"').withheld).toBe('personal data'));

  it('but goods have names', () => {
    const cartItems = [{ name: 'Bag', quantity: 0, unitAmount: 1 }];
    expect(invalidOf(messageOf('CreateCapture', { cartItems }))).not.toHaveProperty('withheld');
    expect(invalidOf('{"cartItems":[{"name":"Bag"}')).not.toHaveProperty('withheld');
  });
});
