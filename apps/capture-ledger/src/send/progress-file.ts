import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Place } from './file-lines.js';
import { Tally } from './tally.js';
import type { Count } from './tally.js';

/** How much of the file before the place must still be what it was. */
const COMPARED_BYTES = 4096;

/** How far a file has been sent to a ledger, and what has come of it. */
export type Progress = Readonly<{ place: Place; tally: Tally }>;

type Kept = Readonly<{
  place: Place;
  tally: readonly Count[];
  /** Where to, for whom. */
  target: string;
  /** SHA-256 of the bytes before the place, so that another file under the same name is noticed. */
  before: string;
}>;

/** Keeps the progress of a file beside it, so that who stops, or is stopped, can go on. */
export class ProgressFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #target: string;

  constructor(file: FileHandle, path: string, target: string) {
    this.#file = file;
    this.path = `${path}.progress`;
    this.#target = target;
  }

  /** Undefined where there is none, or one of another file or of another target. */
  async load(): Promise<Progress | undefined> {
    const kept = await this.#read();
    if (!kept || kept.target !== this.#target) return undefined;
    if (kept.before !== (await this.#hashBefore(kept.place.offset))) return undefined;
    return { place: kept.place, tally: new Tally(kept.tally) };
  }

  /** In one step: whoever reads it finds the old one or the new one. */
  async save({ place, tally }: Progress): Promise<void> {
    const kept: Kept = {
      place,
      tally: tally.counts(),
      target: this.#target,
      before: await this.#hashBefore(place.offset),
    };
    await writeFile(`${this.path}.new`, `${JSON.stringify(kept)}\n`);
    await rename(`${this.path}.new`, this.path);
  }

  /** All is sent. */
  remove(): Promise<void> {
    return rm(this.path, { force: true });
  }

  async #read(): Promise<Kept | undefined> {
    try {
      return JSON.parse(await readFile(this.path, 'utf8')) as Kept;
    } catch (error) {
      // Not there, or cut short by a power loss: to send from the beginning is always right.
      if (error instanceof SyntaxError || isMissing(error)) return undefined;
      throw error;
    }
  }

  async #hashBefore(offset: number): Promise<string> {
    const length = Math.min(offset, COMPARED_BYTES);
    const { buffer, bytesRead } = await this.#file.read(
      Buffer.alloc(length),
      0,
      length,
      offset - length,
    );
    return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('base64url');
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
