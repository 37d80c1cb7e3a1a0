import { createHash } from 'node:crypto';
import { readLetter, sentAgain } from './kept-letter.js';
import type { InboundRecord, OutRecord } from './records.js';

/** By partition of the dead letters: the offset behind the last one that was replayed. */
export type Places = ReadonlyMap<number, bigint>;

export type ReplayParts = Readonly<{
  /** Of the letters that are replayed. */
  reason: string;
  /** Where they are sent. */
  topic: string;
  /** How far earlier replays of this reason came. */
  replayed: Places;
  /** Also those that earlier replays have sent. */
  again: boolean;
}>;

/**
 * Which dead letters a replay sends. A record that is refused once more is a letter once more, so that there
 * may be many of one record: it is sent once, however often it is in the pile, and the pile grows at most
 * by what was sent.
 */
export class Replay {
  readonly #parts: ReplayParts;
  readonly #through: Map<number, bigint>;
  /** Records by a hash of all that is sent of them: now, and only by earlier replays. */
  readonly #sent = new Set<string>();
  readonly #earlier = new Set<string>();
  #withheld = 0;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
    this.#through = new Map(parts.replayed);
  }

  /** The record to be sent for the next letter; undefined: none. Letters of a partition come in their order. */
  take(letter: InboundRecord): OutRecord | undefined {
    const { reason, topic, replayed, again } = this.#parts;
    const { partition, offset } = letter;
    const wasReplayed = offset < (replayed.get(partition) ?? 0n);
    if (!wasReplayed) this.#through.set(partition, offset + 1n);
    const { reason: itsReason, record } = readLetter(letter);
    if (itsReason !== reason) return undefined;
    if (!record) {
      this.#withheld += 1;
      return undefined;
    }
    const out = sentAgain(record, topic);
    const hash = hashOf(out);
    if (this.#sent.has(hash)) return undefined;
    if (wasReplayed && !again) {
      this.#earlier.add(hash);
      return undefined;
    }
    this.#earlier.delete(hash);
    this.#sent.add(hash);
    return out;
  }

  /** How many records it has sent, how many earlier ones have, and how many letters hold none. */
  get counts(): Readonly<{ sent: number; earlier: number; withheld: number }> {
    return { sent: this.#sent.size, earlier: this.#earlier.size, withheld: this.#withheld };
  }

  /** How far this reason is replayed once all that was taken is acknowledged. */
  get through(): Places {
    return this.#through;
  }
}

/** Of key, value and headers with their lengths, so that nothing can pass for another. */
const hashOf = ({ key, value, headers }: OutRecord): string => {
  const hash = createHash('sha256');
  const add = (bytes: Buffer | string | null): void => {
    hash.update(`${bytes === null ? -1 : Buffer.byteLength(bytes)}:`).update(bytes ?? '');
  };
  add(key);
  add(value);
  for (const name of Object.keys(headers).toSorted()) {
    for (const one of [headers[name]!].flat() as (Buffer | string)[]) {
      add(name);
      add(one);
    }
  }
  return hash.digest('base64url');
};
