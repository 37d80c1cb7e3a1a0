import { once } from 'node:events';
import type { EventStore } from '#event-store/event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { withAppend } from '../commands/store-with-faults.js';
import { registered, registration } from './fixtures.js';
import { startLedger } from './ledger.js';
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

const commandBytes = (authorizationId: string): string => {
  const body = JSON.stringify(registration(authorizationId));
  return [
    'POST /v1/commands/RegisterAuthorization HTTP/1.1',
    'Host: ledger',
    'Idempotency-Key: closing',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
};

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

  it('cuts whoever has not sent a whole command, after a time', async () => {
    const timer = Promise.withResolvers<() => void>();
    const clock = {
      ...systemClock,
      wait: (milliseconds: number, signal?: AbortSignal) =>
        milliseconds === 5_000
          ? new Promise<void>((resolve) => timer.resolve(resolve))
          : systemClock.wait(milliseconds, signal),
    };
    const ledger = await startLedger({ clock });
    const begun = once(ledger.server, 'request');
    const socket = await openConnection(ledger.port);
    const closed = untilClosed(socket);
    socket.write(commandBytes('half').slice(0, -10));
    await begun;
    const stopped = ledger.stop();
    const timeIsUp = await timer.promise;
    timeIsUp();
    expect(await closed).toBe('');
    await stopped;
  });
});
