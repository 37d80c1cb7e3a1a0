// The writer's thread. A thread is loaded by plain Node, from dist or from source as it stands, which
// is why this file and all that it imports are named by their room, and are types and JavaScript only.
import { parentPort, workerData } from 'node:worker_threads';
import { serveAppends } from '#event-store/serve-appends.js';
import { openForAppends } from '#event-store/sqlite-schema.js';

serveAppends(parentPort!, () => openForAppends(workerData as string));
