import { captured, registered, registration } from './fixtures.js';
import { startLedger } from './ledger.js';
import type { RunningLedger } from './ledger.js';

let ledger: RunningLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.stop());

describe('a command that is accepted', () => {
  it('answers 201 with where the authorization is that it registered', async () => {
    const { client } = ledger;
    const { status, headers, body } = await registered(client, 'new-1');
    expect(status).toBe(201);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      location: '/v1/authorizations/new-1',
      etag: '"0"',
    });
    expect(headers['ledger-repeat']).toBeUndefined();
    expect(body).toBe(
      '{"commandId":"register-new-1","commandType":"RegisterAuthorization","outcome":"accepted",' +
        '"merchantAccountId":"default","authorizationId":"new-1","revision":0}',
    );
    expect((await client.get(headers.location!)).json).toMatchObject({ authorizationId: 'new-1' });
  });

  it('answers 201 with where the capture is that it created, the authorization named', async () => {
    const { client } = ledger;
    await registered(client, 'new-2');
    const { status, headers } = await captured(client, 'new-2', 'capture-2', 100);
    expect(status).toBe(201);
    expect(headers.location).toBe('/v1/captures/capture-2?authorizationId=new-2');
    expect((await client.get(headers.location!)).json).toMatchObject({ captureId: 'capture-2' });
  });

  it('answers 201 with where the refund is shown that it asked for: in its capture', async () => {
    const { client } = ledger;
    await registered(client, 'new-3');
    await captured(client, 'new-3', 'capture-3', 100);
    const capture = { authorizationId: 'new-3', captureId: 'capture-3' };
    const outcome = { ...capture, outcome: 'succeeded', occurredAt: '2026-11-21T09:00:00Z' };
    await client.send('RecordCaptureOutcome', 'told', outcome);
    const { status, headers } = await client.send('RefundCapture', 'refund', {
      ...capture,
      refundId: 'refund-3',
      amount: 40,
    });
    expect(status).toBe(201);
    expect(headers.location).toBe('/v1/captures/capture-3?authorizationId=new-3');
    expect((await client.get(headers.location!)).json).toMatchObject({
      refunds: { last: [{ refundId: 'refund-3', amount: 40 }] },
    });
  });

  it('answers 200 without Location where nothing new was made', async () => {
    const { client } = ledger;
    await registered(client, 'new-4');
    const sent = await client.send('RegisterAuthorization', 'another-id', registration('new-4'));
    expect(sent.status).toBe(200);
    expect(sent.headers.location).toBeUndefined();
    expect(sent.json).toMatchObject({ outcome: 'accepted', revision: 1 });
  });
});

describe('a command that is sent again', () => {
  it('gets the same status, address, revision and bytes, and a header that says so', async () => {
    const { client } = ledger;
    await registered(client, 'again-1');
    const first = await captured(client, 'again-1', 'again-capture', 100);
    await captured(client, 'again-1', 'another-capture', 200);
    const again = await captured(client, 'again-1', 'again-capture', 100);
    expect(again.headers['ledger-repeat']).toBe('true');
    expect(first.headers['ledger-repeat']).toBeUndefined();
    expect({ ...again, headers: lasting(again.headers) }).toEqual({
      ...first,
      headers: lasting(first.headers),
    });
  });

  it('gets the same refusal, to the byte, although the reason for it is gone', async () => {
    const { client } = ledger;
    await registered(client, 'again-2');
    const first = await captured(client, 'again-2', 'too-much', 10_001);
    await client.send('AdjustAuthorization', 'more', {
      authorizationId: 'again-2',
      amount: 20_000,
    });
    const again = await captured(client, 'again-2', 'too-much', 10_001);
    expect(again.headers['ledger-repeat']).toBe('true');
    expect({ ...again, headers: lasting(again.headers) }).toEqual({
      ...first,
      headers: lasting(first.headers),
    });
  });
});

describe('a command that is refused', () => {
  it('answers 422 with a problem that has the members of the answer, in bytes that never change', async () => {
    const { client } = ledger;
    await registered(client, 'refused-1');
    const { status, headers, body } = await captured(client, 'refused-1', 'refused-2', 10_001);
    expect(status).toBe(422);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      etag: '"1"',
    });
    expect(body).toBe(
      '{"type":"urn:capture-ledger:problem:amount_exceeds_capturable",' +
        '"title":"Amount exceeds capturable","status":422,' +
        '"detail":"CreateCapture was refused: amount exceeds capturable (amount 10001, capturable 10000, held 0, limit 10000).",' +
        '"code":"amount_exceeds_capturable","commandId":"create-refused-2",' +
        '"commandType":"CreateCapture","outcome":"rejected","merchantAccountId":"default",' +
        '"authorizationId":"refused-1","revision":1,' +
        '"reason":"amount_exceeds_capturable",' +
        '"details":{"amount":10001,"capturable":10000,"held":0,"limit":10000}}',
    );
  });

  it('answers 409 where its id was used for another command', async () => {
    const { client } = ledger;
    await registered(client, 'reused-1');
    await captured(client, 'reused-1', 'reused', 100);
    const other = await captured(client, 'reused-1', 'reused', 101);
    expect(other.status).toBe(409);
    expect(other.json).toMatchObject({ code: 'command_id_reused', outcome: 'rejected' });
    expect((await captured(client, 'reused-1', 'reused', 101)).body).toBe(other.body);
  });
});

describe('a command that is none', () => {
  it('answers 400 with a pointer to everything that is wrong with it', async () => {
    const { client } = ledger;
    const body = { authorizationId: 'a', amount: '100', colour: 'red' };
    const { status, json } = await client.send('CreateCapture', 'invalid-1', body);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      code: 'invalid_command',
      outcome: 'invalid',
      commandId: 'invalid-1',
    });
    expect(json['errors']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pointer: '/amount' }),
        expect.objectContaining({ pointer: '/colour' }),
      ]),
    );
  });

  it('leaves its id free for one that is', async () => {
    const { client } = ledger;
    expect((await client.send('RegisterAuthorization', 'free', '{')).status).toBe(400);
    const good = await client.send('RegisterAuthorization', 'free', registration('freed'));
    expect(good.status).toBe(201);
  });

  it('answers 404 where there is no such type of command, and says which there are', async () => {
    const { status, json } = await ledger.client.send('MakeCoffee', 'coffee', {});
    expect(status).toBe(404);
    expect(json).toMatchObject({ code: 'command_type_unknown' });
    expect(json['detail']).toContain('CreateCapture');
  });

  it.each(['constructor', '__proto__', 'toString'])('answers 404 for the type %s', async (type) => {
    expect((await ledger.client.send(type, 'proto', {})).status).toBe(404);
  });

  it('answers 400 where the body says another thing than the address', async () => {
    const body = { ...registration('says-two-things'), type: 'CreateCapture' };
    const { status, json } = await ledger.client.send('RegisterAuthorization', 'two', body);
    expect(status).toBe(400);
    expect(json['errors']).toEqual([expect.objectContaining({ pointer: '/type' })]);
  });

  it('answers 400 for a query, since a command has none', async () => {
    const body = registration('dry-run');
    const sent = await ledger.client.send('RegisterAuthorization?dryRun=true', 'dry-run', body);
    expect(sent.status).toBe(400);
    expect(sent.json).toMatchObject({ errors: [{ parameter: 'dryRun' }] });
    expect((await ledger.client.get('/v1/authorizations/dry-run')).status).toBe(404);
  });
});

describe('the Idempotency-Key', () => {
  it('has to be there', async () => {
    const { status, json } = await ledger.client.ask('/v1/commands/CreateCapture', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"commandId":"in-the-body"}',
    });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      code: 'invalid_request',
      errors: [{ header: 'Idempotency-Key', message: expect.stringContaining('1 to 128') }],
    });
  });

  it.each(['a b', '"quoted"', 'a/b', 'ä', 'k'.repeat(129)])(
    'has to be an id: not %s',
    async (key) => {
      const sent = await ledger.client.send(
        'CreateCapture',
        Buffer.from(key).toString('latin1'),
        {},
      );
      expect(sent.status).toBe(400);
      expect(sent.json).toMatchObject({ errors: [{ header: 'Idempotency-Key' }] });
    },
  );

  it('may have 128 characters', async () => {
    const key = 'k'.repeat(128);
    const sent = await ledger.client.send('RegisterAuthorization', key, registration('long-key'));
    expect(sent.json).toMatchObject({ outcome: 'accepted', commandId: key });
  });

  it('is there once', async () => {
    const headers = { 'idempotency-key': ['one', 'two'] };
    const sent = await ledger.client.send('CreateCapture', 'one', {}, headers);
    expect(sent.json).toMatchObject({ errors: [{ header: 'Idempotency-Key' }] });
  });
});

describe('If-Match', () => {
  it('lets a command pass that knows where the authorization is', async () => {
    const { client } = ledger;
    const { headers } = await registered(client, 'match-1');
    const body = { authorizationId: 'match-1', amount: 100 };
    const sent = await client.send('CreateCapture', 'match', body, { 'if-match': headers.etag });
    expect(sent.status).toBe(201);
  });

  it('stops one that does not, says where it is, and leaves no trace', async () => {
    const { client } = ledger;
    await registered(client, 'match-2');
    const body = { authorizationId: 'match-2', amount: 100 };
    const stopped = await client.send('CreateCapture', 'stopped', body, { 'if-match': '"7"' });
    expect(stopped.status).toBe(412);
    expect(stopped.headers.etag).toBe('"0"');
    expect(stopped.json).toMatchObject({ code: 'precondition_failed', revision: 0 });
    const sent = await client.send('CreateCapture', 'stopped', body);
    expect(sent.status).toBe(201);
    expect(sent.headers.etag).toBe('"1"');
  });

  it('is asked only of a command that was not decided before', async () => {
    const { client } = ledger;
    await registered(client, 'match-3');
    const body = { authorizationId: 'match-3', amount: 100 };
    await client.send('CreateCapture', 'decided', body);
    const again = await client.send('CreateCapture', 'decided', body, { 'if-match': '"0"' });
    expect(again.status).toBe(201);
  });

  it('stops a command where nothing was ever written', async () => {
    const body = { authorizationId: 'never', amount: 100 };
    const sent = await ledger.client.send('CreateCapture', 'never', body, { 'if-match': '"0"' });
    expect(sent.status).toBe(412);
    expect(sent.json).toMatchObject({ revision: -1 });
    expect(sent.headers.etag).toBeUndefined();
  });

  it.each(['3', 'W/"3"', '*', '"x"', '"-1"', '"01"', '"1", "2"', '"1e3"', ''])(
    'has to be one revision in quotes: not %s',
    async (value) => {
      const sent = await ledger.client.send('CreateCapture', 'match-4', {}, { 'if-match': value });
      expect(sent.status).toBe(400);
      expect(sent.json).toMatchObject({ errors: [{ header: 'If-Match' }] });
    },
  );
});

describe('the merchant account', () => {
  it('is the one that the header names', async () => {
    const { client } = ledger;
    const headers = { 'x-merchant-account-id': 'shop-1' };
    const { json } = await registered(client, 'shops-own', headers);
    expect(json).toMatchObject({ merchantAccountId: 'shop-1' });
  });

  it('is an id', async () => {
    const headers = { 'x-merchant-account-id': 'shop/1' };
    const { status, json } = await registered(ledger.client, 'a', headers);
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ header: 'X-Merchant-Account-Id' }] });
  });

  it('is not another one in the body', async () => {
    const headers = { 'x-merchant-account-id': 'shop-1' };
    const body = { ...registration('a'), merchantAccountId: 'shop-2' };
    const sent = await ledger.client.send('RegisterAuthorization', 'shops', body, headers);
    expect(sent.status).toBe(400);
    expect(sent.json['errors']).toEqual([
      expect.objectContaining({ pointer: '/merchantAccountId' }),
    ]);
  });
});

describe('the trace', () => {
  it('that the sender names is in the answer, and is kept with the events', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const sent = await registered(ledger.client, 'traced', headers);
    expect(sent.headers['ledger-trace-id']).toBe(traceId);
    const [event] = await ledger.store.readStream('authorization-default/traced');
    expect(JSON.parse(event!.metadata)).toMatchObject({ correlationId: traceId });
  });

  it('is made here where the sender names none, or none that is well-formed', async () => {
    const headers = { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` };
    const sent = await registered(ledger.client, 'untraced', headers);
    expect(sent.headers['ledger-trace-id']).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
    const [event] = await ledger.store.readStream('authorization-default/untraced');
    expect(JSON.parse(event!.metadata)).not.toHaveProperty('correlationId');
  });
});

/** Headers without those that are of one response: the date, the trace, whether it is a repeat. */
const lasting = ({
  date,
  'ledger-trace-id': trace,
  'ledger-repeat': repeat,
  ...headers
}: Headers) => headers;

type Headers = Readonly<Record<string, unknown>>;
