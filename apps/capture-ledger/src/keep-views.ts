import type { SqliteEventStore } from '#event-store/sqlite-event-store.js';
import type { Runtime } from '#runtime/runtime.js';
import { kafkaLog } from './kafka-connection.js';
import type { Doing } from './ledger.module.js';
import { projectorObserver } from './observers.js';
import { publicationKafka } from './publication.js';
import { publisherHealth, publisherObserver } from './publisher-observer.js';
import { ViewsInThread } from './views-in-thread.js';

/** Keeps the views of the store from here on, and gets ready to publish them where there is a broker. */
export const keepViews = (
  runtime: Runtime,
  store: SqliteEventStore,
  doing: Pick<Doing, 'projector' | 'publisher'>,
): ViewsInThread => {
  const { clock, configuration, health, lifecycle, log, metrics } = runtime;
  const { kafka } = configuration;
  const views = new ViewsInThread({
    program: new URL('./view-thread.js', import.meta.url),
    folder: configuration.store,
    kafka: kafka && publicationKafka(kafka),
    projector: projectorObserver(runtime, doing.projector),
    publisher: publisherObserver(runtime, doing.publisher),
    driver: kafkaLog(log),
    fatal: (error) => lifecycle.fatal(error),
  });
  store.onCommit(() => views.committed());
  lifecycle.opened('views', () => views.stop());
  if (kafka) {
    health.watch('publisher', async () => {
      const head = await store.head();
      const waiting = head - (doing.publisher.position ?? head);
      return publisherHealth(doing.publisher, { waiting, time: clock.now() });
    });
    metrics.publication.readPositions(async () => {
      const { position } = doing.publisher;
      return position === undefined ? undefined : { published: position, head: await store.head() };
    });
  }
  return views;
};
