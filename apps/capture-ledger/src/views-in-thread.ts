import { Worker } from 'node:worker_threads';
import type { KafkaLog } from '#kafka/kafka-log.js';
import type { ProjectorObserver } from '#projections/projector-observer.js';
import { asError } from '#runtime/as-error.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { ExitCode } from '#runtime/exit-codes.js';
import type { PublicationObserver } from './publication.js';
import { ViewThreadFailed } from './view-thread-failed.js';
import type {
  FromViewThread,
  PublicationKafka,
  ToViewThread,
  ViewThreadOrders,
} from './view-thread-protocol.js';

type Parts = Readonly<{
  /** What the thread runs: view-thread.ts. */
  program: URL;
  folder: string;
  kafka: PublicationKafka | undefined;
  projector: ProjectorObserver;
  publisher: PublicationObserver;
  driver: KafkaLog;
  /** Told once, where it cannot go on. */
  fatal: (error: ViewThreadFailed) => void;
}>;

/** Keeps the views of a store, and publishes them, in a thread of their own. */
export class ViewsInThread {
  readonly #parts: Parts;
  readonly #worker: Worker;
  readonly #bell: Int32Array;
  readonly #ended: Promise<void>;
  readonly #begun = Promise.withResolvers<void>();
  #stopping = false;
  #failed = false;

  /** The store of the folder is open, and stays so until this is stopped. */
  constructor(parts: Parts) {
    const bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const { program, folder, kafka } = parts;
    const orders: ViewThreadOrders = { folder, kafka, bell };
    this.#parts = parts;
    this.#bell = bell;
    this.#worker = new Worker(program, { workerData: orders });
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        if (!this.#stopping) this.#fail(new Error('nobody has told it to'));
        resolve();
      });
    });
    this.#worker.on('message', (word: FromViewThread) => this.#hear(word));
    this.#worker.on('error', (error) => this.#fail(error));
  }

  /** Resolves when it has looked whether there are views, and whether they are of this store; or has failed. */
  begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** There are new events. It may be called for every commit. */
  committed(): void {
    if (Atomics.exchange(this.#bell, 0, 1) === 0) this.#say('committed');
  }

  /** The topics are as they must be. Called once. */
  publish(): void {
    this.#say('publish');
  }

  /** Resolves when what was appended is shown and published, as far as that is soon done, and the thread has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#say('stop');
    await this.#ended;
  }

  #say(word: ToViewThread): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(word);
  }

  #hear(word: FromViewThread): void {
    this.#begun.resolve();
    switch (word.said) {
      case 'observed': {
        const calls = this.#parts[word.by] as Readonly<
          Record<string, (...args: unknown[]) => void>
        >;
        calls[word.call]!(...word.with);
        break;
      }
      case 'logged':
        this.#parts.driver(...word.with);
        break;
      case 'failed':
        this.#fail(word.error, word.exitCode);
    }
  }

  #fail(error: unknown, exitCode: ExitCode = exitCodes.unexpected): void {
    this.#begun.resolve();
    if (this.#failed) return;
    this.#failed = true;
    const cause = asError(error);
    this.#parts.fatal(new ViewThreadFailed(cause, exitCode));
  }
}
