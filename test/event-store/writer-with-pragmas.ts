// A writer's thread like the store's own, whose connection is told `pragmas` when it is opened, and
// later whatever comes over the channel `pragmas`.
import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import { serveAppends } from '#event-store/serve-appends.js';
import { openForAppends } from '#event-store/sqlite-schema.js';

const { file, pragmas } = workerData as { file: string; pragmas: string };

serveAppends(parentPort!, () => {
  const database = openForAppends(file);
  database.exec(pragmas);
  const channel = new BroadcastChannel('pragmas').unref();
  channel.addEventListener('message', (message) =>
    database.exec((message as MessageEvent).data as string),
  );
  return database;
});
