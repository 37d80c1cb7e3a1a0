import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * Lines a second into a file, one fdatasync per `atOnce` of them, as a program does it that has other
 * things to do meanwhile.
 */
export const rawLinesPerSecond = async (
  file: string,
  lines: readonly string[],
  atOnce: number,
): Promise<number> => {
  const log = await open(file, 'a');
  const started = performance.now();
  for (let at = 0; at < lines.length; at += atOnce) {
    await log.appendFile(lines.slice(at, at + atOnce).join(''));
    await log.datasync();
  }
  const milliseconds = performance.now() - started;
  await log.close();
  return (lines.length * 1_000) / milliseconds;
};

/** The same by a program that stands still meanwhile: what the disk can do, less two system calls. */
export const blockingRawLinesPerSecond = (
  file: string,
  lines: readonly string[],
  atOnce: number,
): number => {
  const log = openSync(file, 'a');
  const started = performance.now();
  for (let at = 0; at < lines.length; at += atOnce) {
    writeSync(log, lines.slice(at, at + atOnce).join(''));
    fdatasyncSync(log);
  }
  const milliseconds = performance.now() - started;
  closeSync(log);
  return (lines.length * 1_000) / milliseconds;
};
