import { Command } from '@nestjs/cqrs';
import { derivedId } from '#event-store/derived-id.js';
import { parseCommand } from '#commands/parse-command.js';
import { envelope, flawsOf, invalidOf, messageOf, NOW, parsed } from './messages.js';

const stream = 'authorization-default/auth-1';

describe('A message becomes a command', () => {
  it('complete, as the domain knows it, with all that deciding needs', () => {
    const command = parsed(messageOf('CreateCapture', { amount: 7000, actor: 'checkout' }));
    expect(command).toBeInstanceOf(Command);
    expect(command).toEqual({
      command: {
        type: 'CreateCapture',
        ...envelope,
        merchantAccountId: 'default',
        issuedAt: NOW,
        actor: 'checkout',
        captureId: derivedId(stream, 'cmd-1', 'capture'),
        amount: 7000,
      },
      stream,
      sent: {
        type: 'CreateCapture',
        merchantAccountId: 'default',
        authorizationId: 'auth-1',
        payload: { amount: 7000 },
      },
      fingerprint: expect.stringMatching(/^1:[A-Za-z0-9_-]{43}$/),
    });
  });

  it('of bytes as of text', () => {
    const text = JSON.stringify(messageOf('VoidRefund'));
    const result = parseCommand({ body: new TextEncoder().encode(text) }, NOW);
    expect(result).toEqual(parseCommand({ body: text }, NOW));
    expect(result.ok).toBe(true);
  });

  it.each([
    ['CreateCapture', {}, { captureId: derivedId(stream, 'cmd-1', 'capture') }],
    ['CreateCapture', { captureId: 'cap-1' }, { captureId: 'cap-1' }],
    ['RefundCapture', {}, { refundId: derivedId(stream, 'cmd-1', 'refund') }],
    ['RefundCapture', { refundId: 'ref-1' }, { refundId: 'ref-1' }],
    ['CancelCapture', {}, { mode: 'auto', refundId: derivedId(stream, 'cmd-1', 'refund') }],
    [
      'CancelCapture',
      { mode: 'void' },
      { mode: 'void', refundId: derivedId(stream, 'cmd-1', 'refund') },
    ],
    [
      'RegisterAuthorization',
      { captureMethod: 'automatic' },
      { captureId: derivedId(stream, 'cmd-1', 'capture') },
    ],
  ] as const)('%s %j with what it leaves out: %j', (type, said, filledIn) =>
    expect(parsed(messageOf(type, said)).command).toMatchObject(filledIn),
  );

  it('without a capture id where the authorization is not captured as it is registered', () =>
    expect(parsed(messageOf('RegisterAuthorization')).command).not.toHaveProperty('captureId'));

  it('of its own merchant account, in a stream of its own', () => {
    const { command, stream: other } = parsed(
      messageOf('CreateCapture', { merchantAccountId: 'shop' }),
    );
    expect(other).toBe('authorization-shop/auth-1');
    expect(command).toMatchObject({
      merchantAccountId: 'shop',
      captureId: derivedId(other, 'cmd-1', 'capture'),
    });
  });

  it.each([
    ['RegisterAuthorization', 'expiresAt'],
    ['AdjustAuthorization', 'expiresAt'],
    ['ExpireAuthorization', 'at'],
    ['RecordCaptureOutcome', 'occurredAt'],
    ['RecordCancelOutcome', 'occurredAt'],
    ['RecordRefundOutcome', 'occurredAt'],
    ['VoidRefund', 'issuedAt'],
  ] as const)('%s with %s in UTC, to the millisecond', (type, time) => {
    const { command } = parsed(messageOf(type, { [time]: '2026-11-21T10:00:00+01:00' }));
    expect(command).toMatchObject({ [time]: '2026-11-21T09:00:00.000Z' });
  });
});

describe('What a transport says beside the body', () => {
  const { type, commandId, authorizationId, ...payload } = messageOf('CreateCapture', {
    merchantAccountId: undefined,
  }) as Record<string, string>;
  const beside = { type, commandId, authorizationId } as Record<string, string>;

  it('makes the same command, with the same fingerprint', () =>
    expect(parsed(payload, { ...beside, merchantAccountId: 'shop' })).toEqual(
      parsed(messageOf('CreateCapture', { merchantAccountId: 'shop' })),
    ));

  it('may be said in the body too, alike', () =>
    expect(parsed(messageOf('CreateCapture'), beside)).toEqual(parsed(messageOf('CreateCapture'))));

  it.each([
    ['type', 'VoidRefund'],
    ['commandId', 'cmd-2'],
    ['merchantAccountId', 'other'],
    ['authorizationId', 'auth-2'],
  ])('must not contradict the body: %s', (name, said) => {
    const message = messageOf('CreateCapture', { merchantAccountId: 'shop' });
    expect(flawsOf(message, { [name]: said })).toContainEqual({
      pointer: `/${name}`,
      message: 'must be what its path, header or key says, or be left out',
    });
  });

  it.each([
    ['commandId', ''],
    ['commandId', 'a b'],
    ['authorizationId', 'a/b'],
    ['merchantAccountId', '../default'],
    ['issuedAt', 'yesterday'],
    ['actor', ''],
    ['actor', '\ud83d'],
    ['correlationId', ''],
    ['correlationId', 'x'.repeat(301)],
    ['causationId', '\ud83d'],
  ])('is checked as the body is: %s "%s"', (name, said) => {
    const message = messageOf('CreateCapture', { [name]: undefined });
    expect(flawsOf(message, { [name]: said }).map(({ pointer }) => pointer)).toContain(`/${name}`);
  });

  it('is when the command was issued, and who asked, where the body does not say', () => {
    const said = { issuedAt: '2026-11-21T10:00:00+02:00', actor: 'sender' };
    expect(parsed(messageOf('VoidRefund'), said).command).toMatchObject({
      issuedAt: '2026-11-21T08:00:00.000Z',
      actor: 'sender',
    });
    const message = messageOf('VoidRefund', { issuedAt: NOW, actor: 'user' });
    expect(parsed(message, said).command).toMatchObject({ issuedAt: NOW, actor: 'user' });
  });

  it('is carried along: what it belongs to, and the revision that is wanted', () => {
    const said = { correlationId: 'order-1', causationId: 'evt-1', ifMatch: 3 };
    expect(parsed(messageOf('VoidRefund'), said)).toMatchObject(said);
    expect(parsed(messageOf('VoidRefund'))).not.toHaveProperty('correlationId');
  });
});

describe('An invalid message', () => {
  it('is known by what of it is well-formed', () => {
    const { errors, ...known } = invalidOf(
      messageOf('CreateCapture', { amount: 0, merchantAccountId: 'shop' }),
    );
    expect(errors).toHaveLength(1);
    expect(known).toEqual({ ...envelope, merchantAccountId: 'shop', commandType: 'CreateCapture' });
  });

  it('is known by its transport where the body is no JSON', () => {
    const { errors, ...known } = invalidOf('{', { ...envelope, type: 'VoidRefund' });
    expect(errors).toHaveLength(1);
    expect(known).toEqual({ ...envelope, commandType: 'VoidRefund' });
  });

  it('is not known by ids that are none, nor by types that are none', () => {
    const { errors, ...known } = invalidOf({ ...envelope, commandId: 'a b', type: 'CaptureAll' });
    expect(errors).toEqual([
      {
        pointer: '/type',
        message: expect.stringMatching(/^must be one of RegisterAuthorization, /),
      },
    ]);
    expect(known).toEqual({ authorizationId: 'auth-1', merchantAccountId: 'default' });
  });

  it.each([
    [{ ...envelope }],
    [{ ...envelope, type: 7 }],
    [{ ...envelope, type: ['CreateCapture'] }],
    [{ ...envelope, type: 'createCapture' }],
    [{ ...envelope, type: 'constructor' }],
    [{ ...envelope, type: '__proto__' }],
  ])('%j names no command', (message) =>
    expect(flawsOf(message).map(({ pointer }) => pointer)).toEqual(['/type']),
  );
});
