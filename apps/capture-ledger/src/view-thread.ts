// The thread that keeps the views and publishes them: whoever waits for an answer waits for neither.
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '#runtime/system-clock.js';
import type { FromViewThread, ToViewThread, ViewThreadOrders } from './view-thread-protocol.js';
import { failed, ViewWork } from './view-work.js';

const { bell, ...orders } = workerData as ViewThreadOrders;
const port = parentPort!;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const say = (word: FromViewThread): void => port.postMessage(word);

const serve = (work: ViewWork): void => {
  port.on('message', (word: ToViewThread) => {
    switch (word) {
      case 'committed':
        Atomics.store(bell, 0, 0);
        work.wake();
        break;
      case 'publish':
        work.publish();
        break;
      case 'stop':
        // It ends the thread, whatever timers the driver still has.
        void work.stop().then(() => process.exit());
    }
  });
  work.project();
};

try {
  serve(new ViewWork(orders, systemClock, say));
} catch (error) {
  say(failed(error));
}
