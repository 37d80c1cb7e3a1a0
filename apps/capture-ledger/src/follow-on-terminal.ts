import type { Followed } from '#event-store/verify-store-file.js';
import { ProgressLines } from './progress-lines.js';

/**
 * Does something that takes its time while a person looks on, on stderr, who may stop it with Ctrl-C.
 *
 * Resolves and rejects as `doing` does.
 */
export const followOnTerminal = async <Result>(
  doing: (followed: Followed) => Promise<Result>,
): Promise<Result> => {
  const stopping = new AbortController();
  // More than once: Ctrl-C under npm reaches the process twice, and it is to leave nothing behind.
  const stop = (): void => stopping.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const lines = new ProgressLines(process.stderr);
  try {
    return await doing({ progress: lines.tell, signal: stopping.signal });
  } finally {
    lines.end();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
};
