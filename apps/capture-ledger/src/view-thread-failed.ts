import type { ExitCode } from '#runtime/exit-codes.js';

/** What ended the thread of the views. Errors lose their classes on their way out of a thread. */
export class ViewThreadFailed extends Error {
  override readonly name = 'ViewThreadFailed';
  readonly exitCode: ExitCode;

  constructor(cause: Error, exitCode: ExitCode) {
    super(`the thread of the views has ended: ${cause.message}`, { cause });
    this.exitCode = exitCode;
  }
}
