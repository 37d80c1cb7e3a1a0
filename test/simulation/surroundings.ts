import type { EventStore } from '#event-store/event-store.js';
import type { CommandConsumerParts } from '#kafka/command-consumer.js';
import type { PublicationSink } from '#projections/publication-sink.js';
import type { Findings } from './findings.js';
import type { SimulatedKafka } from './kafka/simulated-kafka.js';
import type { Random } from './random.js';
import type { SimulatedLog } from './simulated-log.js';
import type { StoreTrouble } from './store-trouble.js';
import type { VirtualTime } from './virtual-time.js';
import type { Witness } from './witness.js';

/** Some parts of a consumer played otherwise. */
export type AroundConsumer = (parts: CommandConsumerParts) => Partial<CommandConsumerParts>;

/** A sink played otherwise. */
export type AroundSink = (sink: PublicationSink) => PublicationSink;

/** What all processes of one simulation share. */
export type Surroundings = Readonly<{
  time: VirtualTime;
  random: Random;
  log: SimulatedLog;
  trouble: StoreTrouble;
  kafka: SimulatedKafka;
  /** With the views in it: see views-folder.ts. */
  folder: string;
  /** As each process sees its store: for variants that are broken on purpose, as are the next ones. */
  aroundStore: (store: EventStore) => EventStore;
  aroundConsumer: AroundConsumer;
  aroundSink: AroundSink;
  findings: Findings;
  witness: Witness;
}>;
