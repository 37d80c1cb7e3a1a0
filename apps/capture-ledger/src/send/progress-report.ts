import type { FileLine } from './file-lines.js';
import type { Sending } from './sending.js';
import { grouped } from './tally.js';
import type { Settled } from './tally.js';

/** Lines that want a look are named up to here; the tally counts them all. */
const NAMED_MAX = 20;
const ON_TERMINAL_MS = 200;
const IN_LOG_MS = 5_000;

/** Tells a person, while a file is being sent, how far it has come and which lines want a look. */
export class ProgressReport {
  readonly #out: NodeJS.WriteStream;
  readonly #size: number;
  readonly #since = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #lines = 0;
  #named = 0;

  /** @param size of the file, in bytes. */
  constructor(out: NodeJS.WriteStream, size: number) {
    this.#out = out;
    this.#size = size;
  }

  /** On a terminal one line that is written anew, elsewhere a line now and then. */
  begin(sending: Sending): void {
    const tell = (): void => this.#tell(sending);
    this.#timer = setInterval(tell, this.#out.isTTY ? ON_TERMINAL_MS : IN_LOG_MS);
  }

  /** A line was settled, and all before it were. */
  counted({ number }: FileLine, settled: Settled): void {
    this.#lines += 1;
    if (settled.outcome !== 'not_sent' && settled.outcome !== 'invalid') return;
    this.#named += 1;
    if (this.#named > NAMED_MAX) return;
    const { outcome, reason } = settled;
    const what = ('flaws' in settled && settled.flaws) || reason;
    this.say(`line ${number}: ${outcome.replace('_', ' ')}, ${what}`);
  }

  /** A line of its own. */
  say(line: string): void {
    this.#clearLine();
    this.#out.write(`${line}\n`);
  }

  /** How many lines were settled by now, in how many seconds. */
  end(): Readonly<{ lines: number; seconds: number }> {
    clearInterval(this.#timer);
    this.#clearLine();
    if (this.#named > NAMED_MAX) {
      this.#out.write(`and ${grouped(this.#named - NAMED_MAX)} more lines like these\n`);
    }
    return { lines: this.#lines, seconds: (performance.now() - this.#since) / 1000 };
  }

  #tell({ place }: Sending): void {
    const seconds = (performance.now() - this.#since) / 1000;
    const share = this.#size === 0 ? 1 : place.offset / this.#size;
    const text = `${grouped(place.lines)} lines, ${Math.floor(share * 100)} %, ${grouped(Math.round(this.#lines / seconds))} a second`;
    this.#out.write(this.#out.isTTY ? `\r\u001B[K${text}` : `${text}\n`);
  }

  #clearLine(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001B[K');
  }
}
