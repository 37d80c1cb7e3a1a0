import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { EventStore } from '#event-store/event-store.js';
import { answerUnreadable } from '#http/unreadable-request.js';
import { systemClock } from '#runtime/system-clock.js';
import { withAppend } from '../commands/store-with-faults.js';
import { registered, registration } from './fixtures.js';
import { startLedger, withLedger } from './ledger.js';
import { openConnection, readAnswer, untilClosed } from './raw-connection.js';

/** A store whose appends wait until they are let go. */
const heldStore = () => {
  const held = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<void>();
  const aroundStore = (store: EventStore): EventStore =>
    withAppend(store, async (append, ...args) => {
      waiting.resolve();
      await held.promise;
      return append(...args);
    });
  return { aroundStore, letGo: held.resolve, appending: waiting.promise };
};

/** A clock on which the time after which connections are cut is up when the test says so. */
const cutByHand = () => {
  const timer = Promise.withResolvers<() => void>();
  const wait = (milliseconds: number, signal?: AbortSignal) =>
    milliseconds === 5_000
      ? new Promise<void>((resolve) => timer.resolve(resolve))
      : systemClock.wait(milliseconds, signal);
  const timeIsUp = async () => (await timer.promise)();
  return { clock: { ...systemClock, wait }, timeIsUp };
};

const commandBytes = (authorizationId: string): string => {
  const body = JSON.stringify(registration(authorizationId));
  return [
    'POST /v1/commands/RegisterAuthorization HTTP/1.1',
    'Host: localhost',
    'Idempotency-Key: the-key',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
};

describe('what is no good HTTP', () => {
  it('is not answered in the place of a command before it that is still being decided', async () => {
    const { aroundStore, letGo, appending } = heldStore();
    await withLedger({ aroundStore }, async ({ client, port }) => {
      const socket = await openConnection(port);
      const closed = untilClosed(socket);
      socket.write(commandBytes('pipelined'));
      await appending;
      socket.write('no http\r\n\r\n');
      expect(await closed).toBe('');
      letGo();
      const body = registration('pipelined');
      const again = await client.send('RegisterAuthorization', 'the-key', body);
      expect(again.status).toBe(201);
      expect(again.headers['ledger-repeat']).toBe('true');
    });
  });

  it.each([
    ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'request_timeout'],
    ['HPE_HEADER_OVERFLOW', 431, 'headers_too_large'],
    ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413, 'body_too_large'],
    ['HPE_INVALID_METHOD', 400, 'request_malformed'],
  ])('is told so: %s', async (code, status, problem) => {
    const socket = new PassThrough();
    answerUnreadable(Object.assign(new Error('as Node says it'), { code }), socket);
    const answer = readAnswer(await text(socket));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ status, code: problem });
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(answer.body)));
  });

  it('is not told so where nobody is there any more', () => {
    const socket = new PassThrough();
    answerUnreadable(Object.assign(new Error('reset'), { code: 'ECONNRESET' }), socket);
    expect(socket.destroyed).toBe(true);
    expect(socket.readableLength).toBe(0);
  });
});

describe('a ledger that stops', () => {
  it('answers the command that it has, tells the sender to go, and then has stopped', async () => {
    const { aroundStore, letGo, appending } = heldStore();
    const ledger = await startLedger({ aroundStore });
    const socket = await openConnection(ledger.port);
    const closed = untilClosed(socket);
    socket.write(commandBytes('closing'));
    await appending;
    const stopped = ledger.stop();
    letGo();
    const { status, headers } = readAnswer(await closed);
    expect(status).toBe(201);
    expect(headers.get('connection')).toBe('close');
    await stopped;
    await expect(openConnection(ledger.port)).rejects.toThrow('ECONNREFUSED');
  });

  it('does not wait for connections that are kept alive, never used, or used by halves', async () => {
    const ledger = await startLedger();
    await registered(ledger.client, 'kept-alive');
    const unused = await openConnection(ledger.port);
    const half = await openConnection(ledger.port);
    half.write('GET /v1/captures HTTP/1.1\r\nHost:');
    const closed = [unused, half].map(untilClosed);
    // The server has taken both once it answers whoever came after them.
    await ledger.client.get('/health/live');
    await ledger.stop();
    expect(await Promise.all(closed)).toEqual(['', '']);
  });

  it('answers what came in whole, however long deciding it takes', async () => {
    const { clock, timeIsUp } = cutByHand();
    const { aroundStore, letGo, appending } = heldStore();
    const ledger = await startLedger({ clock, aroundStore });
    const socket = await openConnection(ledger.port);
    const closed = untilClosed(socket);
    socket.write(commandBytes('slow'));
    await appending;
    const stopped = ledger.stop();
    await timeIsUp();
    letGo();
    expect(readAnswer(await closed).status).toBe(201);
    await stopped;
  });

  it('cuts whoever has not sent a whole command, after a time', async () => {
    const { clock, timeIsUp } = cutByHand();
    const ledger = await startLedger({ clock });
    const begun = once(ledger.server, 'request');
    const socket = await openConnection(ledger.port);
    const closed = untilClosed(socket);
    socket.write(commandBytes('half').slice(0, -10));
    await begun;
    const stopped = ledger.stop();
    await timeIsUp();
    expect(await closed).toBe('');
    await stopped;
  });
});
