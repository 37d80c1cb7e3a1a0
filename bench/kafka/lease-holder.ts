// Has the lease of a ledger's publication and does nothing with it, as another instance that publishes would:
// so a ledger beside it answers and keeps its views. `node lease-holder.ts BROKER PREFIX`. Of the members of a
// group the first by name gets the one partition.
import { Lease } from '#kafka/lease.js';
import { leasesGroup, topicNames } from '#kafka/topic-names.js';
import { systemClock } from '#runtime/system-clock.js';

const [address = '', prefix = ''] = process.argv.slice(2);
const lease = new Lease({
  connection: { brokers: [address], clientId: 'a-holder' },
  clock: systemClock,
  log: () => undefined,
  topic: topicNames(prefix).leases,
  groupId: leasesGroup(prefix),
  shard: 0,
});
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
await lease.run(
  stopping.signal,
  (lost) => new Promise((resolve) => lost.addEventListener('abort', () => resolve())),
  { waiting: () => undefined, away: () => undefined },
);
process.exit(0);
