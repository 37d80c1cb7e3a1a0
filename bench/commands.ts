// What a command costs through the whole in-process way: bytes in, parsed, over the bus, decided,
// durable, answered. Against one durable append of the same bytes to a raw log.
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { CommandGateway } from '#commands/command-gateway.js';
import { CommandsModule } from '#commands/commands.module.js';
import type { IncomingCommand } from '#commands/incoming-command.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { medianOf } from './median.ts';
import { sharesOf } from './profile.ts';
import { blockingRawLinesPerSecond, rawLinesPerSecond } from './raw-log.ts';
import type { Row } from './row.ts';
import { commandsOfASale } from './sale.ts';

const ROUNDS = 5;
const SALES_ONE_AT_A_TIME = 250;
const SALES_IN_FLIGHT = 5_000;
const WARM = 2_000;

let sales = 0;

const messagesOfASale = (): readonly IncomingCommand[] => {
  sales += 1;
  return commandsOfASale(`${sales}`).map(({ body, ...command }) => ({
    ...command,
    body: Buffer.from(body),
  }));
};

const perSecond = async (
  gateway: CommandGateway,
  count: number,
  inFlight: number,
): Promise<number> => {
  const all = Array.from({ length: count }, messagesOfASale);
  const queue = all.values();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (const messages of queue) for (const message of messages) await sent(gateway, message);
    }),
  );
  return (count * 5 * 1_000) / (performance.now() - started);
};

const sent = async (gateway: CommandGateway, message: IncomingCommand): Promise<void> => {
  const { answer } = await gateway.receive(message);
  if (answer.outcome !== 'accepted') throw new Error(JSON.stringify(answer));
};

/** The bytes that the store has kept last, as lines of a log. */
const lastLines = async (store: EventStore, count: number): Promise<readonly string[]> => {
  const head = await store.head();
  const events = await store.readAll(Math.max(0, head - count), count);
  return events.map(({ stream, eventId, type, data, metadata }) =>
    [stream, eventId, type, data, `${metadata}\n`].join('\t'),
  );
};

const nothing = (): void => undefined;

/** The rows of this bench, and where the time of the main thread goes with 64 in flight. */
export const commandRows = async (): Promise<
  Readonly<{ rows: readonly Row[]; profile: readonly string[] }>
> => {
  const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'ledger-bench-commands-'));
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  const observer = {
    answered: nothing,
    appended: nothing,
    anomaly: nothing,
    unavailable: nothing,
    conflicted: nothing,
    resent: nothing,
    alarm: nothing,
    fatal: nothing,
  };
  const app = await NestFactory.createApplicationContext(
    CommandsModule.forRoot({ store, clock: systemClock, observer }),
    { logger: ['error'] },
  );
  const gateway = app.get(CommandGateway);
  try {
    // As a service that has run for a while: before that, what is measured is the compiling.
    await perSecond(gateway, WARM, 64);
    await perSecond(gateway, WARM, 1);
    const values: number[] = [];
    const toRaw: number[] = [];
    const toBlocking: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const value = await perSecond(gateway, SALES_ONE_AT_A_TIME, 1);
      const lines = await lastLines(store, SALES_ONE_AT_A_TIME * 5);
      const file = join(folder, `raw-${round}.log`);
      values.push(value);
      toRaw.push(value / (await rawLinesPerSecond(file, lines, 1)));
      toBlocking.push(value / blockingRawLinesPerSecond(file, lines, 1));
    }
    const many: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      many.push(await perSecond(gateway, SALES_IN_FLIGHT, 64));
    }
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await perSecond(gateway, SALES_IN_FLIGHT, 64);
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    const ratio = medianOf(toRaw);
    const one = { name: 'command, one at a time', value: medianOf(values), unit: 'commands/s' };
    const shown = { target: 'shown', met: true } as const;
    return {
      rows: [
        { ...one, baseline: 'raw log', ratio, target: '>= 0.6', met: ratio >= 0.6 },
        { ...one, baseline: 'raw log, blocking', ratio: medianOf(toBlocking), ...shown },
        {
          name: 'command, 64 in flight',
          baseline: '',
          value: medianOf(many),
          unit: 'commands/s',
          ratio: undefined,
          ...shown,
        },
      ],
      profile: sharesOf(profile),
    };
  } finally {
    await app.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
};
