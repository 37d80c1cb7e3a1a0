import { UnacknowledgedRecords } from '#kafka/record-sink.js';
import type { RecordSink } from '#kafka/record-sink.js';
import type { OutRecord } from '#kafka/records.js';
import type { Clock } from '#runtime/clock.js';
import type { Life } from '../life.js';
import type { RoundTrips } from '../round-trips.js';
import type { VirtualTime } from '../virtual-time.js';
import { BrokerAway } from './simulated-kafka.js';
import type { SimulatedKafka } from './simulated-kafka.js';

/** Of one publishing: partitions that nothing was said of are sent again. */
const ROUNDS = 5;

/** Milliseconds between rounds. */
const PAUSE = 50;

type Parts = Readonly<{
  kafka: SimulatedKafka;
  time: VirtualTime;
  life: Life;
  clock: Clock;
  trips: RoundTrips;
  meet: (what: string) => void;
}>;

/** The producer of one process: what it sends may be written without a word, in part, late, or not at all. */
export class SimulatedRecordSink implements RecordSink {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async publish(records: readonly OutRecord[], beat = async () => {}): Promise<void> {
    const { kafka, trips, clock } = this.#parts;
    const open = Map.groupBy(records, (record) => this.#placeOf(record));
    for (let round = 1; ; round += 1) {
      const sent = new Map(open);
      const acknowledged = await trips.ask({
        what: `${records.length} records`,
        effect: () => {
          kafka.reach();
          return this.#write(sent);
        },
        silence: (message) => {
          this.#parts.meet('publishing without an answer');
          return new BrokerAway(message);
        },
      });
      for (const place of acknowledged) open.delete(place);
      if (open.size === 0) return;
      if (round === ROUNDS) throw new UnacknowledgedRecords([...open.keys()]);
      await clock.wait(PAUSE);
      await beat();
    }
  }

  async close(): Promise<void> {}

  /** The places of what was written. */
  #write(sent: ReadonlyMap<string, readonly OutRecord[]>): readonly string[] {
    const { kafka, time, life, meet } = this.#parts;
    if (!life.over && !kafka.group.has(life.name))
      meet('published by one who is no member any more');
    const written: string[] = [];
    for (const [place, records] of sent) {
      if (kafka.leaderHasMoved()) {
        meet('partition not acknowledged');
        continue;
      }
      for (const record of records) kafka.topicNamed(record.topic)?.append(record, time.now);
      written.push(place);
    }
    return written;
  }

  #placeOf({ topic, key }: OutRecord): string {
    return `${topic}/${this.#parts.kafka.topicNamed(topic)?.partitionOf(key)}`;
  }
}
