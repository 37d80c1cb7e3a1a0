import type { EventStore } from '#event-store/event-store.js';
import { Findings } from './findings.js';
import type { Broken } from './findings.js';
import { RecordWitness } from './kafka/record-witness.js';
import { SimulatedKafka } from './kafka/simulated-kafka.js';
import type { Random } from './random.js';
import { SimulatedLog } from './simulated-log.js';
import type { Sameness } from './simulated-log.js';
import { StoreTrouble } from './store-trouble.js';
import type { AroundConsumer, AroundSink, Surroundings } from './surroundings.js';
import { anyWireFaults } from './troubles.js';
import { VirtualTime } from './virtual-time.js';
import { Wire } from './wire.js';
import { Witness } from './witness.js';

/** What of the simulated world is broken on purpose; nothing by default. */
export type Variant = Readonly<{
  aroundStore?: (store: EventStore) => EventStore;
  aroundConsumer?: AroundConsumer;
  aroundSink?: AroundSink;
  sameness?: Sameness;
  /** What is not looked for: to see what comes of it. */
  overlooked?: Broken;
}>;

/** All that outlives the processes, and whoever watches it. */
export type World = Surroundings & Readonly<{ records: RecordWitness }>;

export const worldOf = (
  random: Random,
  folder: string,
  {
    aroundStore = (store) => store,
    aroundConsumer = () => ({}),
    aroundSink = (sink) => sink,
    sameness,
    overlooked,
  }: Variant,
): World => {
  const time = new VirtualTime();
  const findings = new Findings(overlooked);
  const witness = new Witness(findings);
  const records = new RecordWitness(findings, witness);
  const wire = () => new Wire(random.fork(), anyWireFaults(random));
  const kafka: SimulatedKafka = new SimulatedKafka({
    time,
    random: random.fork(),
    wire: wire(),
    findings,
    onCommitted: (partition, from, to) =>
      records.committed(kafka.commands.between(partition, from, to)),
  });
  kafka.answers.follow((record) => records.answered(record));
  kafka.deadLetters.follow((record) => records.deadLettered(record));
  kafka.replies.follow((record) => records.copied(record));
  const log = new SimulatedLog((event) => witness.recorded(event), sameness);
  const trouble = new StoreTrouble(wire(), random.fork(), findings.meet);
  return {
    time,
    random,
    log,
    trouble,
    kafka,
    folder,
    aroundStore,
    aroundConsumer,
    aroundSink,
    findings,
    witness,
    records,
  };
};
