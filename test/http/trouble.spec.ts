import {
  AppendAmbiguous,
  StoreBroken,
  StoreUnavailable,
  StreamUnusable,
} from '#event-store/event-store.js';
import type { EventStore } from '#event-store/event-store.js';
import { UnknownEvent } from '#event-store/event-codec.js';
import { withAppend, withReadStream } from '../commands/store-with-faults.js';
import { registered } from './fixtures.js';
import { withLedger } from './ledger.js';

const away = () => Promise.reject(new StoreUnavailable('full', 'the disk is full'));

/** One authorization is beyond reading. */
const unusable = (store: EventStore): EventStore =>
  withReadStream(store, (stream, range) =>
    stream.endsWith('/torn')
      ? Promise.reject(new StreamUnusable(stream, 'its chain is broken'))
      : store.readStream(stream, range),
  );

const unforeseen = (store: EventStore): EventStore =>
  withReadStream(store, () => Promise.reject(new TypeError('something private')));

const unreadable = (store: EventStore): EventStore =>
  withReadStream(store, () => Promise.reject(new StoreBroken('fsync failed')));

describe('a store that is away', () => {
  it('is said to a sender, who may send the same again, and is answered when it is back', async () => {
    let back = false;
    await withLedger(
      {
        aroundStore: (store) =>
          withAppend(store, (append, ...args) => (back ? append(...args) : away())),
      },
      async ({ client }) => {
        const { status, headers, json } = await registered(client, 'away');
        expect(status).toBe(503);
        expect(headers['retry-after']).toBe('1');
        expect(json).toMatchObject({ code: 'store_unavailable' });
        expect(json['traceId']).toBe(headers['ledger-trace-id']);
        back = true;
        const again = await registered(client, 'away');
        expect(again.status).toBe(201);
        expect(again.headers['ledger-repeat']).toBeUndefined();
      },
    );
  });

  it('is said to a reader', async () => {
    await withLedger(
      { aroundStore: (store) => withReadStream(store, away) },
      async ({ client }) => {
        for (const path of ['/v1/authorizations/a', '/v1/authorizations/a/history']) {
          const { status, headers, json } = await client.get(path);
          expect(status).toBe(503);
          expect(headers['retry-after']).toBe('1');
          expect(json).toMatchObject({ code: 'store_unavailable' });
        }
      },
    );
  });

  it('ends the process where a read finds the store broken: it is no matter of time', async () => {
    await withLedger({ aroundStore: unreadable }, async ({ client, exits }) => {
      expect((await client.get('/v1/authorizations/a')).status).toBe(503);
      expect(exits).toHaveLength(1);
    });
  });

  it.each([
    ['is broken', new StoreBroken('fsync failed')],
    ['loses every answer', new AppendAmbiguous('nobody knows')],
  ])('is no other for a sender where it %s', async (_how, error) => {
    const aroundStore = (store: EventStore) => withAppend(store, () => Promise.reject(error));
    await withLedger({ aroundStore }, async ({ client }) => {
      const { status, json } = await registered(client, 'broken');
      expect(status).toBe(503);
      expect(json).toMatchObject({ code: 'store_unavailable' });
    });
  });

  it('is no other where a newer release wrote to it', async () => {
    const recorded = { stream: 's', revision: 0, type: 'FromTheFuture' } as never;
    const aroundStore = (store: EventStore) =>
      withReadStream(store, () => Promise.reject(new UnknownEvent(recorded, 'as a whole')));
    await withLedger({ aroundStore }, async ({ client }) => {
      expect((await client.get('/v1/authorizations/a')).status).toBe(503);
      expect((await registered(client, 'a')).status).toBe(503);
    });
  });
});

describe('an authorization that cannot be read', () => {
  it('has its commands answered as failed, with all members of the answer', async () => {
    await withLedger({ aroundStore: unusable }, async ({ client }) => {
      const { status, headers, json } = await registered(client, 'torn');
      expect(status).toBe(503);
      expect(headers['retry-after']).toBe('60');
      expect(json).toMatchObject({
        code: 'stream_unusable',
        commandId: 'register-torn',
        commandType: 'RegisterAuthorization',
        outcome: 'failed',
        reason: 'stream_unusable',
        authorizationId: 'torn',
        traceId: headers['ledger-trace-id'],
      });
      expect((await registered(client, 'whole')).status).toBe(201);
    });
  });

  it('is said to a reader, and why only to the log', async () => {
    await withLedger({ aroundStore: unusable }, async ({ client, lines }) => {
      const { status, headers, body } = await client.get('/v1/authorizations/torn');
      expect(status).toBe(503);
      expect(headers['retry-after']).toBe('60');
      expect(body).not.toContain('chain');
      expect(lines).toContainEqual(
        expect.objectContaining({
          level: 'error',
          traceId: headers['ledger-trace-id'],
          err: expect.objectContaining({ message: expect.stringContaining('its chain is broken') }),
        }),
      );
    });
  });
});

describe('what nobody foresaw', () => {
  it('is a 500 that says nothing of it, and an error in the log', async () => {
    await withLedger({ aroundStore: unforeseen }, async ({ client, lines }) => {
      const { status, headers, body, json } = await client.get('/v1/authorizations/a');
      expect(status).toBe(500);
      expect(json).toMatchObject({ code: 'internal_error' });
      expect(body).not.toContain('private');
      const traceId = headers['ledger-trace-id'];
      expect(lines.filter((line) => line['traceId'] === traceId)).toEqual([
        expect.objectContaining({ level: 'error', code: 'internal_error' }),
        expect.objectContaining({ level: 'warn', status: 500 }),
      ]);
    });
  });
});

describe('the health of the process', () => {
  it('is told part by part, and is 503 where a part that it needs is down', async () => {
    await withLedger({}, async ({ client, runtime: { health } }) => {
      let store: 'up' | 'down' = 'up';
      health.require('store', () => ({ status: store }));
      health.watch('projector', () => ({ status: 'degraded', detail: 'behind' }));
      const ready = await client.get('/health/ready');
      expect(ready.status).toBe(200);
      expect(ready.json).toEqual({
        status: 'degraded',
        parts: {
          process: { status: 'up' },
          store: { status: 'up' },
          projector: { status: 'degraded', detail: 'behind' },
        },
      });
      store = 'down';
      const notReady = await client.get('/health/ready');
      expect(notReady.status).toBe(503);
      expect(notReady.json).toMatchObject({ status: 'down' });
      expect((await client.get('/health/live')).status).toBe(200);
      health.enter('broken');
      expect((await client.get('/health/live')).status).toBe(503);
    });
  });

  it('is told of one part alone, which may be down where the whole goes on', async () => {
    await withLedger({}, async ({ client, runtime: { health } }) => {
      health.watch('kafka', () => ({ status: 'down', detail: 'away' }));
      const whole = await client.get('/health/ready');
      expect([whole.status, whole.json]).toMatchObject([200, { status: 'degraded' }]);
      const part = await client.get('/health/ready/kafka');
      expect([part.status, part.json]).toEqual([503, { status: 'down', detail: 'away' }]);
      expect((await client.get('/health/ready/process')).status).toBe(200);
      const unknown = await client.get('/health/ready/constructor');
      expect([unknown.status, unknown.json]).toMatchObject([404, { code: 'part_unknown' }]);
    });
  });

  it('is counted for whoever collects it', async () => {
    await withLedger({}, async ({ client, runtime: { metrics } }) => {
      metrics.readPositions(async () => ({ head: 41, shown: 40, walBytes: 0 }));
      const { headers, body } = await client.get('/metrics');
      expect(headers['content-type']).toMatch(/^text\/plain; version=/);
      expect(body).toContain('ledger_store_position 41');
    });
  });
});
