import type { InboundRecord, OutRecord } from '#kafka/records.js';
import type { Reply } from '../ledger-process.js';
import { nameOf } from '../letters.js';
import type { Letter } from '../letters.js';
import type { Random } from '../random.js';
import type { Route } from '../route.js';
import type { VirtualTime } from '../virtual-time.js';
import type { Wire } from '../wire.js';
import { recordOf } from './letter-record.js';
import { anyPoison } from './poison.js';
import { correlationOf } from './record-witness.js';
import type { RecordWitness } from './record-witness.js';
import type { SimulatedKafka } from './simulated-kafka.js';

/** Milliseconds after which a producer sends a record again that nobody has acknowledged. */
const PATIENCE = 600;

/** How often somebody is content when the topic has the command, and waits for no answer. */
const TRUSTING = 0.3;

type Parts = Readonly<{
  kafka: SimulatedKafka;
  time: VirtualTime;
  random: Random;
  wire: Wire;
  witness: RecordWitness;
  meet: (what: string) => void;
}>;

/** By way of the topic of commands, and back by that of answers. */
export class Producer implements Route {
  readonly patience = 2_000;
  readonly #parts: Parts;
  readonly #waiting = new Map<string, () => void>();
  #sent = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.kafka.answers.follow((answer) => this.#bring(answer));
  }

  send(letter: Letter, hear: (reply: Reply) => void): void {
    const { random, witness } = this.#parts;
    const correlation = this.#correlation(nameOf(letter));
    witness.sent(correlation, letter);
    const trusting = random.chance(TRUSTING);
    if (!trusting) this.#waiting.set(correlation, () => hear('answered'));
    const record = recordOf(letter, correlation, random);
    this.#produce(record, correlation, () => trusting && hear('taken'));
  }

  /** Somebody whose retries are out of hand. */
  flood(letter: Letter, records: number): void {
    const { kafka, time, random, witness } = this.#parts;
    for (let sent = 0; sent < records; sent += 1) {
      const correlation = this.#correlation(nameOf(letter));
      witness.sent(correlation, letter);
      kafka.commands.append(recordOf(letter, correlation, random), time.now);
    }
  }

  /** Something that is no command, among those of an authorization. */
  sendPoison(authorizationId: string): void {
    const correlation = this.#correlation('poison');
    this.#parts.witness.sent(correlation, 'poison');
    const record = anyPoison(authorizationId, correlation, this.#parts.random);
    this.#produce(record, correlation, () => undefined);
  }

  #correlation(what: string): string {
    this.#sent += 1;
    return `${what} (${this.#sent})`;
  }

  /** Until it is acknowledged, and so the same record may be there more than once. */
  #produce(record: OutRecord, what: string, acknowledged: () => void): void {
    const { kafka, time, wire, meet } = this.#parts;
    const cancel = time.after(PATIENCE, `${what} is not acknowledged`, () => {
      meet('record sent again by its producer');
      this.#produce(record, what, acknowledged);
    });
    const there = wire.next();
    if (there === undefined) return;
    time.after(there, `${what} reaches the broker`, () => {
      if (kafka.away) return;
      kafka.commands.append(record, time.now);
      const back = wire.next();
      if (back === undefined) return;
      time.after(back, `${what} is acknowledged`, () => {
        cancel();
        acknowledged();
      });
    });
  }

  #bring(answer: InboundRecord): void {
    const correlation = correlationOf(answer);
    const hear = this.#waiting.get(correlation);
    const back = hear && this.#parts.wire.next();
    if (back === undefined) return;
    this.#parts.time.after(back, `${correlation} is answered`, () => {
      this.#waiting.delete(correlation);
      hear?.();
    });
  }
}
