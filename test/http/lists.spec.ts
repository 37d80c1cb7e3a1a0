import { systemClock } from '#runtime/system-clock.js';
import { captured, registered, told } from './fixtures.js';
import type { HttpAnswer } from './http-client.js';
import { startLedger, withLedger } from './ledger.js';
import type { RunningLedger } from './ledger.js';

const idsOf = ({ json }: HttpAnswer, member: string): readonly unknown[] =>
  (json['items'] as Record<string, unknown>[]).map((item) => item[member]);

describe('a list', () => {
  let ledger: RunningLedger;
  let head: number;
  beforeAll(async () => {
    ledger = await startLedger();
    const { client } = ledger;
    for (const id of ['a-1', 'a-2', 'a-3', 'a-4', 'a-5']) {
      await registered(client, id);
      await captured(client, id, `capture-of-${id}`, 1_000);
    }
    await told(client, 'a-2', 'capture-of-a-2', 'succeeded');
    await registered(client, 'of-another', { 'x-merchant-account-id': 'other' });
    head = await ledger.store.head();
  });
  afterAll(() => ledger.stop());

  it('has the newest first, of one merchant account, and says as of which position', async () => {
    const page = await ledger.client.get(`/v1/authorizations?minPosition=${head}`);
    expect(page.status).toBe(200);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(idsOf(page, 'authorizationId')).toEqual(['a-5', 'a-4', 'a-3', 'a-2', 'a-1']);
    expect(page.json).toMatchObject({ next: null, asOf: head });
  });

  it('shows what was answered as soon as it is asked to wait for it', async () => {
    const { client } = ledger;
    await registered(client, 'just-now', { 'x-merchant-account-id': 'waiting' });
    const headers = { 'x-merchant-account-id': 'waiting' };
    const { json } = await client.get('/v1/authorizations/just-now', headers);
    const { position } = json['ledger'] as { position: number };
    const page = await client.get(`/v1/authorizations?minPosition=${position}`, headers);
    expect(idsOf(page, 'authorizationId')).toEqual(['just-now']);
  });

  it('is read page by page', async () => {
    const pages: unknown[] = [];
    let query = `limit=2&minPosition=${head}`;
    for (let count = 0; count < 3; count += 1) {
      const page = await ledger.client.get(`/v1/captures?${query}`);
      pages.push(idsOf(page, 'authorizationId'));
      query = `limit=2&cursor=${encodeURIComponent(String(page.json['next']))}`;
    }
    expect(pages).toEqual([['a-5', 'a-4'], ['a-3', 'a-2'], ['a-1']]);
    expect(query).toContain('cursor=null');
  });

  it('is of those alone that stand as asked', async () => {
    const { client } = ledger;
    const position = `minPosition=${head}`;
    const succeeded = await client.get(`/v1/captures?status=succeeded&${position}`);
    expect(idsOf(succeeded, 'captureId')).toEqual(['capture-of-a-2']);
    const authorizations = await client.get(
      `/v1/authorizations?status=partially_captured_and_capturable&${position}`,
    );
    expect(idsOf(authorizations, 'authorizationId')).toEqual(['a-2']);
  });

  it('is of those alone that have waited for longer than a time', async () => {
    const { client } = ledger;
    const position = `minPosition=${head}`;
    const long = await client.get(`/v1/captures?waitingLongerThan=PT15M&${position}`);
    expect(idsOf(long, 'captureId')).toEqual([]);
    await client.send('RegisterAuthorization', 'long-ago', {
      authorizationId: 'long-ago',
      amount: 100,
      currency: 'EUR',
      captureMethod: 'automatic',
      connector: 'acme-pay',
      captureId: 'waits',
      issuedAt: new Date(Date.now() - 16 * 60_000).toISOString(),
    });
    const later = `minPosition=${await ledger.store.head()}`;
    const waiting = await client.get(`/v1/captures?waitingLongerThan=PT15M&${later}`);
    expect(idsOf(waiting, 'captureId')).toEqual(['waits']);
    const longer = await client.get(`/v1/captures?waitingLongerThan=PT17M&${later}`);
    expect(idsOf(longer, 'captureId')).toEqual([]);
  });

  it.each([
    ['limit=1', 200],
    ['limit=100', 200],
    ['limit=0', 400],
    ['limit=101', 400],
    ['limit=ten', 400],
    ['status=succeeded', 200],
    ['status=SUCCEEDED', 400],
    ['cursor=nonsense', 400],
    [`cursor=${'x'.repeat(513)}`, 400],
    ['waitingLongerThan=P1D', 200],
    ['waitingLongerThan=P99999DT9999999H9999999M999999999S', 200],
    ['waitingLongerThan=15', 400],
    ['waitingLongerThan=P1Y', 400],
    ['minPosition=0', 200],
    ['minPosition=-1', 400],
  ])('takes %s or does not: %d', async (query, status) => {
    expect((await ledger.client.get(`/v1/captures?${query}`)).status).toBe(status);
  });

  it('does not take the cursor of another', async () => {
    const { client } = ledger;
    const { json } = await client.get(`/v1/authorizations?limit=1&minPosition=${head}`);
    const cursor = encodeURIComponent(String(json['next']));
    const page = await client.get(`/v1/captures?cursor=${cursor}`);
    expect(page.status).toBe(400);
    expect(page.json).toMatchObject({ errors: [{ parameter: 'cursor' }] });
  });
});

describe('a list that is behind', () => {
  it('says so after two seconds, and how far it is', async () => {
    // Time passes only where somebody waits, and nothing follows the log.
    const start = Date.now();
    let passed = 0;
    const clock = {
      ...systemClock,
      now: () => start + passed,
      wait: async (milliseconds: number, signal?: AbortSignal) => {
        passed += milliseconds;
        await systemClock.wait(0, signal);
      },
    };
    await withLedger({ clock, projecting: false }, async ({ client }) => {
      await registered(client, 'unseen');
      const { status, headers, json } = await client.get('/v1/authorizations?minPosition=1');
      expect(status).toBe(503);
      expect(headers['retry-after']).toBe('1');
      expect(json).toMatchObject({ code: 'view_behind', asOf: 0, minPosition: 1 });
      expect(passed).toBe(2_000);
    });
  });

  it('does not keep back what is read by authorization or capture', async () => {
    await withLedger({ projecting: false }, async ({ client, project }) => {
      await registered(client, 'seen');
      await captured(client, 'seen', 'seen-capture', 100);
      expect((await client.get('/v1/authorizations/seen')).status).toBe(200);
      expect((await client.get('/v1/captures/seen-capture')).status).toBe(200);
      const early = await client.get('/v1/captures');
      expect([early.status, early.json['code']]).toEqual([503, 'view_behind']);
      project();
      const { json } = await client.get('/v1/captures?minPosition=2');
      expect(json).toMatchObject({ items: [{ captureId: 'seen-capture' }] });
    });
  });
});
