import { once } from 'node:events';
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Bytes of the write-ahead log from which on it is folded into its file. */
const LARGE = 32 * 1_024 * 1_024;

/** What the thread answers: nothing, or the error of SQLite, which does not travel as it is. */
export type CheckpointMade = Readonly<{ trouble?: Readonly<{ errcode: number; message: string }> }>;

/**
 * Keeps the write-ahead log of a file short. To fold it back means to write pages all over the file and
 * to wait twice for the disk, tens of milliseconds in which a thread does nothing else: so it is a thread
 * of its own. The one writer waits meanwhile, or there would always be one more page to fold.
 */
export class WalCheckpoints {
  readonly #file: string;
  #worker: Worker | undefined;

  /** Of a file that exists and is in WAL mode. */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Resolves at once where the log is short, else when it has been folded back, or could not be because
   * somebody is reading from it.
   *
   * @throws the errors of `node:sqlite`: the file cannot be written. Nothing is lost.
   */
  async ifLarge(): Promise<void> {
    const size = statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (size < LARGE) return;
    this.#worker ??= startThread(this.#file);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage('checkpoint');
    const [{ trouble }] = (await once(this.#worker, 'message')) as [CheckpointMade];
    if (trouble) throw Object.assign(new Error(trouble.message), { errcode: trouble.errcode });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }
}

const startThread = (file: string): Worker => {
  const extension = extname(import.meta.url);
  const thread = new URL(`./wal-checkpoint-thread${extension}`, import.meta.url);
  return new Worker(thread, { workerData: file });
};
