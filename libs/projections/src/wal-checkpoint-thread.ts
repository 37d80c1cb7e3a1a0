// A thread is loaded by plain Node, from dist or from source as it stands: types and JavaScript only.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { CheckpointMade } from './wal-checkpoints.js';

const port = parentPort!;
const file = workerData as string;
let database: DatabaseSync | undefined;

const make = (): CheckpointMade => {
  try {
    database ??= new DatabaseSync(file, { timeout: 0 });
    database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    return {};
  } catch (error) {
    const { errcode, message } = error as Error & { errcode: number };
    return { trouble: { errcode, message } };
  }
};

port.on('message', () => port.postMessage(make()));
