import type { CopySink } from '#kafka/copy-sink.js';
import type { OutRecord } from '#kafka/records.js';
import type { Clock } from '#runtime/clock.js';
import type { Random } from '../random.js';
import type { RoundTrips } from '../round-trips.js';
import type { VirtualTime } from '../virtual-time.js';
import { BrokerAway } from './simulated-kafka.js';
import type { SimulatedKafka } from './simulated-kafka.js';

type Parts = Readonly<{
  kafka: SimulatedKafka;
  time: VirtualTime;
  clock: Clock;
  random: Random;
  trips: RoundTrips;
  meet: (what: string) => void;
}>;

/** Copies for callers' own topics; now and then it takes all the time that it may. */
export class SimulatedCopySink implements CopySink {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async copy(records: readonly OutRecord[], limitMs: number): Promise<void> {
    if (records.length === 0) return;
    const { clock, random, trips } = this.#parts;
    const asked = trips.ask({
      what: `${records.length} copies`,
      effect: () => this.#write(records),
      silence: (message) => new BrokerAway(message),
    });
    await asked.catch(() => undefined);
    if (random.chance(0.02)) await clock.wait(limitMs);
  }

  async close(): Promise<void> {}

  #write(records: readonly OutRecord[]): void {
    const { kafka, time, meet } = this.#parts;
    kafka.reach();
    for (const record of records) {
      const topic = kafka.topicNamed(record.topic);
      if (topic) topic.append(record, time.now);
      else meet('copy for a topic that is not there');
    }
  }
}
