import { registration } from './fixtures.js';
import { startLedger } from './ledger.js';
import type { RunningLedger } from './ledger.js';
import { exchange } from './raw-connection.js';
import type { RawAnswer } from './raw-connection.js';

let ledger: RunningLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.stop());

const closing = 'Host: localhost\r\nConnection: close\r\n';

const expectProblem = ({ status, headers, body }: RawAnswer, code: string): void => {
  const problem = JSON.parse(body) as Record<string, unknown>;
  expect(problem).toMatchObject({ code, status, type: `urn:capture-ledger:problem:${code}` });
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  expect(headers.get('ledger-trace-id')).toBe(problem['traceId']);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
};

const live = (host: string) =>
  exchange(ledger.port, `GET /health/live HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

describe('the name that a request is for', () => {
  it.each(['localhost', 'LocalHost:8080', '127.0.0.1:1', '127.1.2.3', '[::1]:8080'])(
    'may be any of this machine alone: %s',
    async (host) => expect((await live(host)).status).toBe(200),
  );

  it.each([
    'ledger',
    'attacker.example',
    'attacker.example:8080',
    'localhost.attacker.example',
    '128.0.0.1',
    '127.0.0.1.nip.io',
  ])('may be no other, which a page of somebody else could let point here: %s', async (host) => {
    const answer = await live(host);
    expect(answer.status).toBe(421);
    expectProblem(answer, 'host_not_served');
  });
});

describe('an address', () => {
  it.each([
    '/',
    '/v1',
    '/v2/captures',
    '/v1/captures/',
    '/v1/captures/a/b/c',
    '/V1/captures',
    '//',
  ])('that there is nothing at is a problem: %s', async (path) => {
    const { status, json, headers } = await ledger.client.get(path);
    expect(status).toBe(404);
    expect(json).toMatchObject({ code: 'not_found', traceId: headers['ledger-trace-id'] });
  });

  it.each(['/v1/captures/%', '/v1/captures/%E0%A4%A', '/v1/captures/%ff', '/%zz'])(
    'that is badly encoded is a problem: %s',
    async (path) => {
      const answer = await exchange(ledger.port, `GET ${path} HTTP/1.1\r\n${closing}\r\n`);
      expect(answer.status).toBe(400);
      expectProblem(answer, 'request_malformed');
    },
  );

  it.each([
    ['/v1/captures', 'POST', 'GET, HEAD'],
    ['/v1/captures/a', 'DELETE', 'GET, HEAD'],
    ['/v1/authorizations', 'OPTIONS', 'GET, HEAD'],
    ['/v1/authorizations/a/history', 'PATCH', 'GET, HEAD'],
    ['/v1/commands/CreateCapture', 'GET', 'POST'],
    ['/v1/commands/CreateCapture', 'PUT', 'POST'],
    ['/health/live', 'POST', 'GET, HEAD'],
    ['/openapi.json', 'POST', 'GET, HEAD'],
  ])('%s has no %s, and says what it has', async (path, method, allowed) => {
    // What the body is does not matter: nobody reads it.
    const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
    const body = { headers: { 'content-type': 'text/plain' }, body: 'anything' };
    const answer = await ledger.client.ask(path, { method, ...(hasBody && body) });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe(allowed);
    expect(answer.json).toMatchObject({ code: 'method_not_allowed' });
  });

  it.each(['PROPFIND', 'TRACE', 'PURGE'])(
    'has no method that hardly anybody knows: %s',
    async (method) => {
      const answer = await exchange(
        ledger.port,
        `${method} /v1/captures HTTP/1.1\r\n${closing}\r\n`,
      );
      expect([404, 405]).toContain(answer.status);
      expectProblem(answer, answer.status === 405 ? 'method_not_allowed' : 'not_found');
    },
  );
});

describe('a query', () => {
  it.each([
    ['limit=1&limit=2', 'limit', 'must be there only once'],
    ['unknown=1', 'unknown', 'must be left out: there is no parameter of this name here'],
    ['__proto__=1', '__proto__', 'must be left out: there is no parameter of this name here'],
    ['constructor=1', 'constructor', 'must be left out: there is no parameter of this name here'],
    ['limit[]=1', 'limit[]', 'must be left out: there is no parameter of this name here'],
    ['limit=%E0%A4', 'limit', 'must be encoded as UTF-8 with %'],
    ['%ff=1', '', 'must be encoded as UTF-8 with %'],
    ['limit', 'limit', 'must be a whole number from 1 to 100'],
  ])('is refused where it says what it may not: %s', async (query, parameter, message) => {
    const { status, json } = await ledger.client.get(`/v1/captures?${query}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'invalid_request', errors: [{ parameter, message }] });
  });

  it('may be empty, and may be encoded where it need not be', async () => {
    expect((await ledger.client.get('/v1/captures?')).status).toBe(200);
    expect((await ledger.client.get('/v1/captures?&%6cimit=%31&')).status).toBe(200);
  });

  it('is told all that is wrong with it, up to a limit', async () => {
    const { json } = await ledger.client.get(`/v1/captures?${'x&'.repeat(1_000)}`);
    expect(json['errors']).toHaveLength(20);
  });
});

const limit = 64 * 1024;

/** A command with as much white space behind it. */
const ofBytes = (bytes: number): string => JSON.stringify(registration('large')).padEnd(bytes);

const nested = (depth: number): string =>
  `${'{"metadata":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;

describe('a body', () => {
  it('may have 64 KiB', async () => {
    const sent = await ledger.client.send('RegisterAuthorization', 'large', ofBytes(limit));
    expect(sent.status).toBe(201);
  });

  it.each([
    ['by its length', {}],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('may not have one byte more, %s', async (_how, headers) => {
    const body = ofBytes(limit + 1);
    const sent = await ledger.client.send('RegisterAuthorization', 'larger', body, headers);
    expect(sent.status).toBe(413);
    expect(sent.json).toMatchObject({ code: 'body_too_large' });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'nonsense',
    'multipart/form-data; boundary=x',
  ])('is JSON by its headers: not %s', async (type) => {
    const headers = { 'content-type': type };
    const sent = await ledger.client.send('CreateCapture', 'typed', '{}', headers);
    expect(sent.status).toBe(415);
    expect(sent.json).toMatchObject({ code: 'media_type_unsupported' });
    expect(sent.headers['accept-post']).toBe('application/json');
  });

  it('is JSON by its headers where there is one', async () => {
    const request = `POST /v1/commands/CreateCapture HTTP/1.1\r\n${closing}Idempotency-Key: a\r\nContent-Length: 2\r\n\r\n{}`;
    expectProblem(await exchange(ledger.port, request), 'media_type_unsupported');
  });

  it('is in no content coding', async () => {
    const headers = { 'content-encoding': 'gzip' };
    expect((await ledger.client.send('CreateCapture', 'coded', '{}', headers)).status).toBe(415);
  });

  it('may say that it is in UTF-8, as JSON is', async () => {
    const headers = { 'content-type': 'application/json; charset=UTF-8' };
    const body = registration('charset');
    const sent = await ledger.client.send('RegisterAuthorization', 'charset', body, headers);
    expect(sent.status).toBe(201);
  });

  it.each([
    ['no body', ''],
    ['no object', '[]'],
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a member named twice', '{"authorizationId":"a","authorizationId":"b"}'],
    ['__proto__', '{"__proto__":{"amount":1},"authorizationId":"a"}'],
    ['a lone surrogate', String.raw`{"authorizationId":"a","reference":"\ud800"}`],
  ])('is no command with %s', async (_what, body) => {
    const sent = await ledger.client.send('CreateCapture', 'no-command', body);
    expect(sent.status).toBe(400);
    expect(sent.json).toMatchObject({ code: 'invalid_command', outcome: 'invalid' });
  });

  it('may be nested 8 deep, and no deeper', async () => {
    const tooDeep = { pointer: '', message: 'must be nested at most 8 deep' };
    const deep = await ledger.client.send('CreateCapture', 'deep', nested(8));
    expect(deep.json['errors']).not.toContainEqual(tooDeep);
    const deeper = await ledger.client.send('CreateCapture', 'deeper', nested(9));
    expect(deeper.json['errors']).toEqual([tooDeep]);
  });

  it('may name ids of 128 characters, and no longer ones', async () => {
    const longest = registration('i'.repeat(128));
    const sent = await ledger.client.send('RegisterAuthorization', 'id-128', longest);
    expect(sent.status).toBe(201);
    expect((await ledger.client.get(sent.headers.location!)).status).toBe(200);
    const longer = registration('i'.repeat(129));
    expect((await ledger.client.send('RegisterAuthorization', 'id-129', longer)).status).toBe(400);
  });
});

const expecting = (what: string): Promise<RawAnswer> =>
  exchange(ledger.port, `GET /v1/captures HTTP/1.1\r\n${closing}Expect: ${what}\r\n\r\n`);

describe('what is no good HTTP', () => {
  it.each([
    ['no request at all', 'hello\r\n\r\n'],
    ['a header without an end', `GET / HTTP/1.1\r\n${closing}no colon here\r\n\r\n`],
    ['no host', 'GET /v1/captures HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two lengths', `POST / HTTP/1.1\r\n${closing}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\n${closing}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ],
    [
      'chunks that are none',
      `POST /v1/commands/CreateCapture HTTP/1.1\r\n${closing}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    ],
  ])('is a problem: %s', async (_what, bytes) => {
    const answer = await exchange(ledger.port, bytes);
    expect(answer.status).toBe(400);
    expectProblem(answer, 'request_malformed');
  });

  it('has headers of up to 16 KiB, and no more', async () => {
    const request = `GET /v1/captures HTTP/1.1\r\n${closing}X-Long: `;
    const withHeaders = (bytes: number) =>
      exchange(ledger.port, `${request}${'x'.repeat(bytes - request.length - 4)}\r\n\r\n`);
    expect((await withHeaders(16 * 1024 - 100)).status).toBe(200);
    const answer = await withHeaders(16 * 1024 + 100);
    expect(answer.status).toBe(431);
    expectProblem(answer, 'headers_too_large');
  });

  it('may expect to be told to go on, and nothing else', async () => {
    expectProblem(await expecting('miracles'), 'expectation_failed');
    expect((await expecting('100-continue')).status).toBe(200);
  });

  it('has an address of at most that length too', async () => {
    const answer = await exchange(
      ledger.port,
      `GET /v1/captures/${'x'.repeat(17_000)} HTTP/1.1\r\n${closing}\r\n`,
    );
    expectProblem(answer, 'headers_too_large');
  });
});

describe('every answer', () => {
  it('may do nothing in a browser', async () => {
    for (const path of ['/v1/captures', '/nothing', '/health/live', '/openapi.json', '/metrics']) {
      const { headers } = await ledger.client.get(path);
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('is found in the log by its trace, without anything that was sent', async () => {
    const secret = 'secret-4711';
    const sent = await ledger.client.send(
      'CreateCapture',
      `key-${secret}`,
      { authorizationId: secret, reference: secret, metadata: { secret } },
      { authorization: secret, 'x-merchant-account-id': secret },
    );
    await ledger.client.get(`/v1/authorizations/${secret}?${secret}=${secret}`);
    await ledger.client.get(`/${secret}`);
    const trace = sent.headers['ledger-trace-id'];
    expect(ledger.lines).toContainEqual(
      expect.objectContaining({
        traceId: trace,
        method: 'POST',
        route: '/v1/commands/:type',
        status: sent.status,
        milliseconds: expect.any(Number),
      }),
    );
    expect(JSON.stringify(ledger.lines)).not.toContain(secret);
  });
});
