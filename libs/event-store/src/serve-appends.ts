import type { DatabaseSync } from 'node:sqlite';
import type { MessagePort } from 'node:worker_threads';
import { SqliteAppender } from '#event-store/sqlite-appender.js';
import { passingTrouble } from '#event-store/sqlite-errors.js';
import { StoreRefused } from '#event-store/store-refused.js';
import { packOutcomes, unpackAppends } from '#event-store/writer-protocol.js';
import type { FromWriter, ToWriter } from '#event-store/writer-protocol.js';

/** Appends what comes through `port` to the file that `open` opens, until it is told to close or cannot. */
export const serveAppends = (port: MessagePort, open: () => DatabaseSync): void => {
  const say = (word: FromWriter) => port.postMessage(word);
  let database: DatabaseSync;
  try {
    database = open();
    say({ said: 'ready' });
  } catch (error) {
    const refused = error instanceof StoreRefused ? 'refused' : undefined;
    say({ said: refused ?? passingTrouble(error) ?? 'broken', message: String(error) });
    return;
  }
  const appender = new SqliteAppender(database);
  port.on('message', (message: ToWriter) => {
    if (message === 'close') {
      database.close();
      port.close();
      return;
    }
    try {
      const { appends, recordedAt, isWhole } = unpackAppends(message);
      appender.take(appends, recordedAt);
      if (isWhole) say(packOutcomes(appender.commit()));
    } catch (error) {
      say({ said: 'broken', message: String(error) });
      port.close();
    }
  });
};
