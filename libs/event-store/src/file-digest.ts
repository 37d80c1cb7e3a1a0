import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';

/** Bytes that are read at a time: some milliseconds, then everything else has its turn. */
const PIECE = 4 * 1_024 * 1_024;

/**
 * Reads a file to its end, and resolves with the SHA-256 of what it has read, in hexadecimal, or with
 * undefined where it was aborted. Every piece of it is handed to `piece` before the next is read.
 *
 * @throws the errors of `node:fs`, and what `piece` throws.
 */
export const digestOf = async (
  file: string,
  {
    signal,
    piece = () => undefined,
  }: Readonly<{ signal: AbortSignal; piece?: (bytes: Uint8Array) => void }>,
): Promise<string | undefined> => {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(PIECE);
  const descriptor = openSync(file, 'r');
  try {
    while (!signal.aborted) {
      const length = readSync(descriptor, buffer);
      if (length === 0) return hash.digest('hex');
      const bytes = buffer.subarray(0, length);
      hash.update(bytes);
      piece(bytes);
      await turn();
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
};
