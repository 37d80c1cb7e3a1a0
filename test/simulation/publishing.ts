import { Publisher } from '#projections/publisher.js';
import type { PublicationSink } from '#projections/publication-sink.js';
import type { Clock } from '#runtime/clock.js';
import { CarriedSink } from '../projections/publishing/carried-sink.js';
import { BrokerAway } from './kafka/simulated-kafka.js';
import type { Life } from './life.js';
import { publisherObserver } from './observers.js';
import { RoundTrips } from './round-trips.js';
import type { SimulatedEventStore } from './simulated-event-store.js';
import type { Surroundings } from './surroundings.js';
import { viewsReaderOf } from './views-reader.js';

type Parts = Readonly<{
  around: Surroundings;
  life: Life;
  clock: Clock;
  store: SimulatedEventStore;
}>;

/** The publisher of one run of a process: real but for what carries its transactions. */
export const publisherOf = ({ around, life, clock, store }: Parts): Publisher => {
  const { folder, aroundSink, findings } = around;
  return new Publisher({
    store,
    views: viewsReaderOf(folder),
    sink: aroundSink(sinkOf(around, life)),
    clock,
    observer: publisherObserver(findings),
  });
};

const sinkOf = ({ kafka, time, findings }: Surroundings, life: Life): PublicationSink => {
  const { meet } = findings;
  const { publication } = kafka;
  const trips = new RoundTrips(time, life, kafka.wire);
  return new CarriedSink(publication, (call, effect) =>
    trips.ask({
      what: `${call} of the publication`,
      effect: () => {
        kafka.reach();
        if (call === 'fence' && publication.isOpen) meet('transaction aborted');
        const result = effect();
        if (call === 'commit' && life.over)
          meet('transaction committed after its process had ended');
        return result;
      },
      silence: (message) => {
        if (call === 'commit') meet('transaction without an answer');
        return new BrokerAway(message);
      },
    }),
  );
};
