import { createHash } from 'node:crypto';
import { fingerprintBy, fingerprintOf, sameFingerprint } from '#commands/fingerprint.js';
import { derivedId } from '#event-store/derived-id.js';
import { parseCommand } from '#commands/parse-command.js';
import { messageOf, NOW, parsed } from './messages.js';

const golden = messageOf('CreateCapture', {
  amount: 7000,
  currency: 'EUR',
  reference: 'Grüße 😀 / "x"',
  cartItems: [{ name: 'Bag', quantity: 1, unitAmount: 7000, taxExempt: false }],
  metadata: { z: 1.5, a: true, '10': 'ten', '9': 'nine' },
});
const fingerprint = (changes: Record<string, unknown> = {}, beside = {}) =>
  parsed({ ...golden, ...changes }, beside).fingerprint;

describe('The fingerprint of a command', () => {
  // Recorded decisions hold these values for ever: a change here breaks every repeat of the past.
  it('is the hash of its canonical form by the recipe that it names', () => {
    const canonical =
      '{"authorizationId":"auth-1","merchantAccountId":"default","payload":{"amount":7000,' +
      '"cartItems":[{"name":"Bag","quantity":1,"taxExempt":false,"unitAmount":7000}],"currency":"EUR",' +
      '"metadata":{"10":"ten","9":"nine","a":true,"z":1.5},"reference":"Grüße 😀 / \\"x\\""},' +
      '"type":"CreateCapture"}';
    const hash = createHash('sha256').update(canonical).digest('base64url');
    expect(fingerprint()).toBe(`1:${hash}`);
    expect(fingerprint()).toBe('1:_r73ourQ8VwB3Olee-xjmDcZcd5B8kPhr5UxaH4hl9w');
  });

  it.each([
    ['CreateCapture', {}, '1:SHvm-fNyTDpKq5iEcgKGSaBr9Rtc77pN8Hq0Iszs86M'],
    ['RefundCapture', { amount: 500 }, '1:P0WMmzK9nryIyNCt5RsfbJ9b6yO6hrZoiiqEsUkc4kE'],
    [
      'RecordCaptureOutcome',
      { occurredAt: '2026-11-21T10:00:00+01:00' },
      '1:B06JO9W9AqvadxnI0RrwgKkKut5p_VLc6FQiijf_64Q',
    ],
  ] as const)('never changes: %s %j', (type, said, expected) =>
    expect(parsed(messageOf(type, said)).fingerprint).toBe(expected),
  );

  it.each([
    ['the command id', { commandId: 'cmd-2' }],
    ['when it was issued', { issuedAt: '2026-01-01T00:00:00Z' }],
    ['who asked', { actor: 'somebody' }],
    ['the default merchant account', { merchantAccountId: 'default' }],
    ['a member that is null', { installments: null }],
    [
      'a member that is null further in',
      {
        metadata: { ...(golden['metadata'] as object), gone: null },
        cartItems: [{ name: 'Bag', quantity: 1, unitAmount: 7000, taxExempt: false, sku: null }],
      },
    ],
  ])('does not depend on %s', (_, changes) => expect(fingerprint(changes)).toBe(fingerprint()));

  it('does not depend on how the same JSON is written', () => {
    const [first = '', ...others] = [
      '7000,"final":true',
      '7e3 , "final":true',
      '7000.0,"\\u0066inal":true',
    ]
      .map(
        (rest) => `{"type":"CreateCapture","commandId":"c","authorizationId":"a","amount":${rest}}`,
      )
      .concat(
        '{"final":true,"amount":7000,"authorizationId":"a","commandId":"c","type":"CreateCapture"}',
      )
      .map((body) => parseCommand({ body }, NOW))
      .map((result) => (result.ok ? result.command.fingerprint : undefined));
    expect(first).toMatch(/^1:/);
    expect(new Set(others)).toEqual(new Set([first]));
  });

  it.each([
    ['another amount', { amount: 7001 }],
    ['another authorization', { authorizationId: 'auth-2' }],
    ['another merchant account', { merchantAccountId: 'shop' }],
    [
      'a default that is said',
      { captureId: derivedId('authorization-default/auth-1', 'cmd-1', 'capture') },
    ],
    ['one member more', { final: true }],
    ['one member less', { currency: undefined }],
    ['a false that was left out', { cartItems: [{ name: 'Bag', quantity: 1, unitAmount: 7000 }] }],
  ])('depends on %s', (_, changes) => expect(fingerprint(changes)).not.toBe(fingerprint()));

  it('is that of what was sent: the same time written in another way is another command', () => {
    const [one, other] = ['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000Z'].map((occurredAt) =>
      parsed(messageOf('RecordCaptureOutcome', { occurredAt })),
    );
    expect(one?.command).toEqual(other?.command);
    expect(one?.fingerprint).not.toBe(other?.fingerprint);
  });

  it('tells a command from another of the same members', () =>
    expect(parsed(messageOf('VoidRefund')).fingerprint).not.toBe(
      parsed(messageOf('ForwardStuckRefund')).fingerprint,
    ));
});

describe('A repeat', () => {
  const sent = { dialect: 'numeral', operation: 'create', body: { amount: 1 } };
  const command = { fingerprint: fingerprintOf(sent), sent };

  it('has the fingerprint that was recorded, by the recipe of then', () => {
    expect(sameFingerprint(command, fingerprintBy('1', sent))).toBe(true);
    expect(sameFingerprint(command, fingerprintOf({ ...sent, body: { amount: 2 } }))).toBe(false);
    // As if a newer recipe had made the command's own: the recorded one names what to compare by.
    expect(sameFingerprint({ fingerprint: '2:x', sent }, fingerprintBy('1', sent))).toBe(true);
  });

  it('cannot be told by a recipe of the future', () => {
    expect(() => sameFingerprint(command, '2:x')).toThrow('no recipe 2');
    expect(() => fingerprintBy('0', sent)).toThrow('no recipe 0');
  });
});
