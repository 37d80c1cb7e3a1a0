import type { FileHandle } from 'node:fs/promises';

/** A line longer than this holds no command; the rest of it is passed over. */
const LINE_BYTES_MAX = 1024 * 1024;

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

export type FileLine = Readonly<{
  /** 1, 2, 3 … in the whole file. */
  number: number;
  /** Without its newline; undefined where it is too long to be kept. */
  bytes: Uint8Array | undefined;
  /** Where in the file the next line begins. */
  end: number;
}>;

/** Where to begin: the offset of a line in bytes, and how many lines are before it. */
export type Place = Readonly<{ offset: number; lines: number }>;

/** The lines of a file of any size, from a place on, blank ones left out. */
export async function* linesOf(file: FileHandle, from: Place): AsyncIterable<FileLine> {
  let { offset, lines } = from;
  let begun: Buffer[] = [];
  let length = 0;

  const endAt = (end: number): FileLine => {
    const bytes = length > LINE_BYTES_MAX ? undefined : Buffer.concat(begun);
    begun = [];
    length = 0;
    lines += 1;
    return { number: lines, bytes, end };
  };

  for (;;) {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(CHUNK_BYTES),
      0,
      CHUNK_BYTES,
      offset,
    );
    if (bytesRead === 0) break;
    let start = 0;
    while (start < bytesRead) {
      const newline = buffer.subarray(0, bytesRead).indexOf(NEWLINE, start);
      const stop = newline < 0 ? bytesRead : newline;
      length += stop - start;
      if (length <= LINE_BYTES_MAX) begun.push(buffer.subarray(start, stop));
      else begun = [];
      if (newline < 0) break;
      const line = endAt(offset + newline + 1);
      if (!isBlank(line)) yield line;
      start = newline + 1;
    }
    offset += bytesRead;
  }
  const last = endAt(offset);
  if (!isBlank(last)) yield last;
}

const isBlank = ({ bytes }: FileLine): boolean =>
  bytes !== undefined && bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
