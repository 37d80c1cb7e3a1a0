// The records that a ledger writes for the commands of workload.ts, made beforehand: for whoever moves them
// and decides nothing.
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { CommandGateway } from '#commands/command-gateway.js';
import { CommandsModule } from '#commands/commands.module.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { answerRecord } from '#kafka/answer-record.js';
import { commandIn } from '#kafka/command-record.js';
import type { InboundRecord, OutRecord } from '#kafka/records.js';
import { atRevision, initialDocument } from '#projections/authorization-document.js';
import { captureNamedIn, eventRecord } from '#projections/event-record.js';
import { foldRecorded } from '#projections/fold-recorded.js';
import type { PublishedRecord } from '#projections/publication-sink.js';
import { publishedViews } from '#projections/published-views.js';
import { viewRecords } from '#projections/view-records.js';
import { systemClock } from '#runtime/system-clock.js';
import { messagesOfASale } from './workload.ts';

/** What stands for the name of a sale. */
const SALE = 'any-sale';

/** For the nth command of a sale: its answer, its event, and the views that it touches. */
export type Moved = Readonly<{
  answer: OutRecord;
  event: PublishedRecord;
  views: readonly PublishedRecord[];
}>;

const quiet = new Proxy({}, { get: () => () => undefined });

/** @param answers the topic of answers. */
export const movedRecords = async (answers: string): Promise<readonly Moved[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-bench-moved-'));
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  const options = { store, clock: systemClock, observer: quiet as never };
  const app = await NestFactory.createApplicationContext(CommandsModule.forRoot(options), {
    logger: false,
  });
  try {
    const gateway = app.get(CommandGateway);
    const moved: Moved[] = [];
    let { document } = foldRecorded(initialDocument(`authorization-default/auth_${SALE}`), []);
    for (const message of messagesOfASale(SALE, '')) {
      const record: InboundRecord = {
        topic: 'commands',
        partition: 0,
        offset: 0n,
        key: Buffer.from(String(message.key)),
        value: Buffer.from(String(message.value)),
        timestamp: 0,
        headers: new Map(
          Object.entries(message.headers!).map(([name, value]) => [
            name,
            [Buffer.from(String(value))],
          ]),
        ),
      };
      const decided = await gateway.receive(commandIn(record));
      const [event] = await store.readAll(moved.length, 1);
      ({ document } = foldRecorded(document, [event!]));
      const captureId = captureNamedIn(event!);
      moved.push({
        answer: answerRecord(decided, record, answers),
        event: eventRecord(event!, store.identity),
        views: viewRecords(
          publishedViews,
          atRevision(document, store.identity)!,
          captureId === undefined ? [] : [captureId],
        ),
      });
    }
    return moved;
  } finally {
    await app.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
};

/** The same record for another sale. */
export const ofSale = <Given extends OutRecord | PublishedRecord>(
  record: Given,
  sale: string,
): Given => ({
  ...record,
  key: String(record.key).replaceAll(SALE, sale),
  value: String(record.value).replaceAll(SALE, sale),
  headers: Object.fromEntries(
    Object.entries(record.headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll(SALE, sale) : value,
    ]),
  ),
});
