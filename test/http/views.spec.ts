import { captured, registered, registration, told } from './fixtures.js';
import { startLedger } from './ledger.js';
import type { RunningLedger } from './ledger.js';

let ledger: RunningLedger;
beforeAll(async () => {
  ledger = await startLedger();
  const { client } = ledger;
  await registered(client, 'auth'); // revision 0
  await captured(client, 'auth', 'one', 3_000); // 1
  await captured(client, 'auth', 'too-much', 9_000); // 2, refused
  await told(client, 'auth', 'one', 'succeeded'); // 3
  await captured(client, 'auth', 'two', 2_000); // 4
});
afterAll(() => ledger.stop());

describe('an authorization', () => {
  it('is shown as of its revision, right after a command was answered', async () => {
    const { status, headers, json } = await ledger.client.get('/v1/authorizations/auth');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      etag: '"4"',
      'cache-control': 'private, no-cache',
      vary: 'x-merchant-account-id',
    });
    expect(json).toMatchObject({
      authorizationId: 'auth',
      captured: 3_000,
      pending: 2_000,
      capturable: 5_000,
      status: 'partially_captured_and_capturable',
      ledger: { revision: 4 },
    });
  });

  it('has its captures in sequence', async () => {
    const { json } = await ledger.client.get('/v1/authorizations/auth/capture-sequence');
    expect(json['captures']).toEqual([
      expect.objectContaining({ captureId: 'one', sequence: 1, status: 'succeeded' }),
      expect.objectContaining({ captureId: 'two', sequence: 2, status: 'requested' }),
    ]);
  });

  it('says whether a final capture stands', async () => {
    const { json } = await ledger.client.get('/v1/authorizations/auth/final-capture');
    expect(json).toMatchObject({ takesCaptures: true, closed: false, finalCaptureId: null });
  });

  it('is shown as it was at any revision', async () => {
    const { headers, json } = await ledger.client.get('/v1/authorizations/auth?atRevision=1');
    expect(headers.etag).toBe('"1"');
    expect(json).toMatchObject({ captured: 0, pending: 3_000, ledger: { revision: 1 } });
  });

  it.each(['5', '9007199254740991'])('is not there at revision %s, yet', async (revision) => {
    const { status, json } = await ledger.client.get(
      `/v1/authorizations/auth?atRevision=${revision}`,
    );
    expect(status).toBe(404);
    expect(json).toMatchObject({ code: 'authorization_unknown' });
  });

  it.each(['-1', '1.5', 'x', '', '9007199254740992', '1&atRevision=2'])(
    'has no revision %s',
    async (revision) => {
      const { status } = await ledger.client.get(`/v1/authorizations/auth?atRevision=${revision}`);
      expect(status).toBe(400);
    },
  );

  it('is unknown where it was only ever refused something', async () => {
    const { client } = ledger;
    expect((await captured(client, 'only-refused', 'none', 1)).status).toBe(422);
    const { status, json } = await client.get('/v1/authorizations/only-refused');
    expect(status).toBe(404);
    expect(json).toMatchObject({ code: 'authorization_unknown' });
  });

  it('is unknown, not forbidden, to another merchant account', async () => {
    const headers = { 'x-merchant-account-id': 'other' };
    const others = await ledger.client.get('/v1/authorizations/auth', headers);
    const nobodys = await ledger.client.get('/v1/authorizations/nobodys', headers);
    expect(others.status).toBe(404);
    expect({ ...others.json, detail: '', traceId: '' }).toEqual({
      ...nobodys.json,
      detail: '',
      traceId: '',
    });
  });

  it('is not asked for under an id that nobody can have given it', async () => {
    const { status, json } = await ledger.client.get(`/v1/authorizations/${'a'.repeat(129)}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ parameter: 'authorizationId' }] });
    const longest = await ledger.client.get(`/v1/authorizations/${'a'.repeat(128)}`);
    expect(longest.status).toBe(404);
  });
});

describe('whoever has a view already', () => {
  it.each(['"4"', 'W/"4"', '"1", "4"', '*'])('is told so: %s', async (known) => {
    const headers = { 'if-none-match': known };
    const {
      status,
      headers: received,
      body,
    } = await ledger.client.get('/v1/authorizations/auth', headers);
    expect(status).toBe(304);
    expect(received.etag).toBe('"4"');
    expect(body).toBe('');
  });

  it.each(['"3"', '4', '"44"', 'nonsense,,'])('is told anew: %s', async (known) => {
    const headers = { 'if-none-match': known };
    expect((await ledger.client.get('/v1/authorizations/auth', headers)).status).toBe(200);
  });

  it('may ask for no more than that', async () => {
    const { status, headers, body } = await ledger.client.ask('/v1/authorizations/auth', {
      method: 'HEAD',
    });
    expect(status).toBe(200);
    expect(headers.etag).toBe('"4"');
    expect(body).toBe('');
  });
});

describe('a history', () => {
  it('shows what happened and what was refused: who, when and why', async () => {
    const { headers, json } = await ledger.client.get('/v1/authorizations/auth/history');
    expect(headers.etag).toBe('"4"');
    expect(json).toMatchObject({ authorizationId: 'auth', next: null });
    expect(json['entries']).toMatchObject([
      { revision: 0, type: 'AuthorizationRegistered', kind: 'event' },
      { revision: 1, type: 'CaptureCreated', kind: 'event' },
      {
        revision: 2,
        kind: 'refusal',
        who: { commandId: 'create-too-much', commandType: 'CreateCapture' },
        why: 'amount_exceeds_capturable',
      },
      { revision: 3, type: 'CaptureSucceeded', kind: 'event' },
      { revision: 4, type: 'CaptureCreated', kind: 'event' },
    ]);
  });

  it('is read page by page, each but the last without an entity tag', async () => {
    const revisions: unknown[] = [];
    let from: unknown = 0;
    for (let pages = 0; pages < 3; pages += 1) {
      const { json, headers } = await ledger.client.get(
        `/v1/authorizations/auth/history?limit=2&from=${String(from)}`,
      );
      const entries = json['entries'] as { revision: number }[];
      revisions.push(entries.map(({ revision }) => revision));
      from = json['next'];
      expect(headers.etag).toBe(from === null ? '"4"' : undefined);
    }
    expect(revisions).toEqual([[0, 1], [2, 3], [4]]);
    expect(from).toBeNull();
  });

  it('ends at a revision where it is asked to', async () => {
    const { json, headers } = await ledger.client.get(
      '/v1/authorizations/auth/history?atRevision=1&limit=100',
    );
    expect(json).toMatchObject({ entries: [{ revision: 0 }, { revision: 1 }], next: null });
    expect(headers.etag).toBe('"1"');
  });

  it('has nothing behind its end', async () => {
    const { json } = await ledger.client.get(
      '/v1/authorizations/auth/history?from=9007199254740991',
    );
    expect(json).toMatchObject({ entries: [], next: null });
  });

  it('is there for an authorization that was only ever refused something', async () => {
    const { client } = ledger;
    await captured(client, 'history-refused', 'none', 1);
    const { json } = await client.get('/v1/authorizations/history-refused/history');
    expect(json['entries']).toMatchObject([{ kind: 'refusal', why: 'authorization_unknown' }]);
  });

  it('is not there where nothing ever happened', async () => {
    expect((await ledger.client.get('/v1/authorizations/nothing/history')).status).toBe(404);
  });

  it.each([
    ['limit=1', 200],
    ['limit=100', 200],
    ['limit=0', 400],
    ['limit=101', 400],
  ])('has pages of 1 to 100: %s', async (query, status) => {
    const path = `/v1/authorizations/auth/history?${query}`;
    expect((await ledger.client.get(path)).status).toBe(status);
  });
});

describe('a capture', () => {
  it('is found by its id alone, with its refunds', async () => {
    const { status, headers, json } = await ledger.client.get('/v1/captures/one');
    expect(status).toBe(200);
    expect(headers.etag).toBe('"4"');
    expect(json).toMatchObject({
      captureId: 'one',
      authorizationId: 'auth',
      status: 'succeeded',
      refundBalance: { left: 3_000 },
      refunds: { count: 0 },
    });
  });

  it('says what may still be refunded of it', async () => {
    const { json } = await ledger.client.get('/v1/captures/one/refund-balance');
    expect(json).toMatchObject({ captureId: 'one', captured: 3_000, left: 3_000, state: 'none' });
  });

  it('is shown as it was', async () => {
    const { json } = await ledger.client.get('/v1/captures/one?atRevision=2');
    expect(json).toMatchObject({ status: 'requested', ledger: { revision: 2 } });
  });

  it('shows everything that it was told', async () => {
    const { client } = ledger;
    await client.send('RegisterAuthorization', 'register', {
      ...registration('rich'),
      captureMethod: 'manual',
      overCapture: { percentage: 10 },
      expiresAt: '2026-12-21T09:00:00Z',
      network: 'visa',
    });
    const captureId = 'rich-capture';
    const capture = { authorizationId: 'rich', captureId };
    const details = {
      reference: 'INV-1',
      installments: 3,
      date: '2026-11-21',
      metadata: { shelf: 4, gift: true, note: 'blue' },
      cartItems: [{ name: 'shoe', quantity: 2, unitAmount: 4_000, categories: ['shoes'] }],
    };
    await client.send('CreateCapture', 'create', { ...capture, amount: 9_000, ...details });
    await told(client, 'rich', captureId, 'succeeded');
    const refund = { ...capture, refundId: 'rich-refund' };
    await client.send('RefundCapture', 'refund', { ...refund, amount: 400, reason: 'torn' });
    const { json } = await client.get(`/v1/captures/${captureId}`);
    expect(json).toMatchObject({
      ...details,
      final: true,
      authorization: { network: 'visa' },
      refunds: {
        count: 1,
        totals: { requested: 400 },
        last: [{ refundId: 'rich-refund', amount: 400, status: 'requested', reason: 'torn' }],
      },
    });
    await client.send('RecordRefundOutcome', 'refunded', {
      ...refund,
      outcome: 'succeeded',
      occurredAt: '2026-11-22T09:00:00Z',
    });
    const balance = await client.get(`/v1/captures/${captureId}/refund-balance`);
    expect(balance.json).toMatchObject({ refunded: 400, left: 8_600, state: 'partial' });
    const error = { code: 'fraud_suspected', message: 'not this one' };
    await client.send('RecordCaptureOutcome', 'reversed', {
      ...capture,
      outcome: 'reversed',
      error,
      occurredAt: '2026-11-23T09:00:00Z',
    });
    expect((await client.get(`/v1/captures/${captureId}`)).json).toMatchObject({
      status: 'failed',
      error,
      refundBalance: { overRefunded: 400 },
    });
    expect((await client.get('/v1/authorizations/rich')).json).toMatchObject({
      limit: 11_000,
      overCapture: { percentage: 10 },
      expiresAt: '2026-12-21T09:00:00.000Z',
    });
  });

  it('is unknown before it was created, under an id that nobody gave, and to others', async () => {
    const { client } = ledger;
    const other = { 'x-merchant-account-id': 'other' };
    const unknown = [
      await client.get('/v1/captures/one?atRevision=0'),
      await client.get('/v1/captures/too-much'),
      await client.get('/v1/captures/one', other),
      await client.get('/v1/captures/one?authorizationId=auth', other),
      await client.get('/v1/captures/one/refund-balance?authorizationId=another'),
    ];
    for (const { status, json } of unknown) {
      expect(status).toBe(404);
      expect(json).toMatchObject({ code: 'capture_unknown' });
    }
  });

  it('is ambiguous where two authorizations have one of its id, until one of them is named', async () => {
    const { client } = ledger;
    for (const authorizationId of ['twin-b', 'twin-a']) {
      await registered(client, authorizationId);
      await client.send('CreateCapture', 'twin', {
        authorizationId,
        captureId: 'twin',
        amount: 100,
      });
    }
    for (const path of ['/v1/captures/twin', '/v1/captures/twin/refund-balance']) {
      const { status, json } = await client.get(path);
      expect(status).toBe(409);
      expect(json).toMatchObject({
        code: 'capture_id_ambiguous',
        authorizationIds: ['twin-a', 'twin-b'],
      });
      const picked = await client.get(`${path}?authorizationId=twin-b`);
      expect(picked.json).toMatchObject({ authorizationId: 'twin-b', captureId: 'twin' });
    }
  });
});
