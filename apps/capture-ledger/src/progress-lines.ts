import type { StoreFileProgress } from '#event-store/verify-store-file.js';
import { grouped } from './send/tally.js';

const ON_TERMINAL_MS = 200;
const IN_LOG_MS = 5_000;

/** Tells a person how far a copy has come: on a terminal one line that is written anew, elsewhere one now and then. */
export class ProgressLines {
  readonly #out: NodeJS.WriteStream;
  #told = performance.now();
  #doing: StoreFileProgress['doing'] | undefined;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  readonly tell = (progress: StoreFileProgress): void => {
    const { doing, done, total } = progress;
    const now = performance.now();
    const isSoon = now - this.#told < (this.#out.isTTY ? ON_TERMINAL_MS : IN_LOG_MS);
    if (isSoon && doing === this.#doing && done < total) return;
    this.#told = now;
    this.#doing = doing;
    this.#out.write(this.#out.isTTY ? `\r\u001B[K${textOf(progress)}` : `${textOf(progress)}\n`);
  };

  /** Takes the line away that is on a terminal. */
  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001B[K');
  }
}

const textOf = ({ doing, done, total }: StoreFileProgress): string => {
  const share = total === 0 ? 100 : Math.floor((done / total) * 100);
  return `${doing.padEnd(9)} ${String(share).padStart(3)} %   ${amounts[doing](done, total)}`;
};

const amounts: Readonly<
  Record<StoreFileProgress['doing'], (done: number, total: number) => string>
> = {
  copying: (done, total) => `${kilobytes(done)} of ${kilobytes(total)} kB`,
  verifying: (done, total) => `${grouped(done)} of ${grouped(total)} events`,
};

const kilobytes = (bytes: number): string => grouped(Math.ceil(bytes / 1_000));
