import { StoreBroken } from '#event-store/event-store.js';
import type { StoreIdentity } from '#event-store/event-store.js';
import { topicNames } from '#kafka/topic-names.js';
import { ViewsReader } from '#projections/views-reader.js';
import { systemClock } from '#runtime/system-clock.js';
import { Publication } from '../../apps/capture-ledger/src/publication.js';
import type { PublicationObserver } from '../../apps/capture-ledger/src/publication.js';
import { removeTemporaryFolders, temporaryFolder } from '../event-store/temporary-folder.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { createTopics, produce, uniquePrefix } from '../kafka/topics.js';

afterEach(removeTemporaryFolders);

const nothing = (): void => undefined;

const observer: PublicationObserver = {
  waiting: nothing,
  away: nothing,
  publishing: nothing,
  published: nothing,
  republishing: nothing,
  fenced: nothing,
  trouble: nothing,
  halted: nothing,
};

describeWithKafka('a publication that has halted', () => {
  it('ends by a store that is broken, where it looks whether it may go on', async () => {
    const address = await sharedBroker();
    const topicPrefix = uniquePrefix();
    const topics = topicNames(topicPrefix);
    await createTopics(address, Object.values(topics));
    // Events of somebody, and no checkpoint.
    await produce(address, topics.events, [{ key: 'a', value: '{}' }]);
    const stopping = new AbortController();
    let broken = false;
    let looks = 0;
    const store = {
      get identity(): StoreIdentity {
        if (!broken) return { shard: 0, epoch: 1 };
        looks += 1;
        if (looks > 1) stopping.abort();
        throw new StoreBroken('a page cannot be read');
      },
      readAll: () => Promise.reject(new Error('not read')),
      head: () => Promise.resolve(0),
      agreesUpTo: () => Promise.resolve(undefined),
    };
    const publication = new Publication({
      store,
      views: new ViewsReader(temporaryFolder()),
      kafka: { connection: { brokers: [address], clientId: 'test' }, topicPrefix },
      clock: systemClock,
      observer: { ...observer, halted: () => void (broken = true) },
      driver: nothing,
    });
    await expect(publication.run(stopping.signal)).rejects.toThrow(StoreBroken);
  });
});
