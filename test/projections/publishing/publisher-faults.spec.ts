import * as fc from 'fast-check';
import { anyLog } from '../lives.js';
import { GrowingLog } from './growing-log.js';
import { KeptTopics } from './kept-topics.js';
import type { Fault } from './kept-topics.js';
import {
  expectEachEventOnce,
  expectNoViewSetBack,
  expectTheFold,
  publishAll,
  PublishingProcess,
} from './publication.js';

const FAULTS: readonly Fault[] = ['refused', 'lost', 'late', 'fenced', 'killed', 'killedAfter'];

/** What happens while it is published. */
type Happening =
  | Readonly<{ what: 'append' | 'project' | 'publish' | 'lose views'; much: number }>
  | Readonly<{ what: 'kill' | 'take over' }>;

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: withMuch('append') },
  { weight: 4, arbitrary: withMuch('project') },
  { weight: 8, arbitrary: withMuch('publish') },
  { weight: 1, arbitrary: withMuch('lose views') },
  { weight: 1, arbitrary: fc.constant<Happening>({ what: 'kill' }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ what: 'take over' }) },
);

function withMuch(what: 'append' | 'project' | 'publish' | 'lose views'): fc.Arbitrary<Happening> {
  return fc.integer({ min: 1, max: 40 }).map((much) => ({ what, much }));
}

const anyFaults = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.constantFrom(...FAULTS) },
  ),
  { minLength: 20, maxLength: 60 },
);

/** Processes that publish one after another, and for a while at once, until all is published. */
const publishThrough = async (
  log: GrowingLog,
  topics: KeptTopics,
  happenings: readonly Happening[],
  faults: (Fault | undefined)[],
): Promise<void> => {
  const start = () => new PublishingProcess(log, topics, { faults });
  const zombies: PublishingProcess[] = [];
  let publishing = start();
  for (const happening of happenings) {
    if (publishing.dead) publishing = start();
    switch (happening.what) {
      case 'append':
        log.append(happening.much);
        break;
      case 'project':
        log.project(happening.much);
        break;
      case 'publish':
        await publishing.turns(happening.much);
        break;
      case 'lose views':
        log.loseViews(Math.max(0, log.shown - happening.much));
        break;
      case 'kill':
        publishing.kill();
        break;
      case 'take over':
        // The one before is told that it has lost its lease, and finishes what it is at.
        zombies.push(publishing);
        void publishing.stop();
        publishing = start();
        break;
    }
  }
  publishing.kill();
  for (const zombie of zombies) zombie.kill();
  faults.splice(0);
  log.catchUp();
  const told = await publishAll(log, topics);
  expect(told.troubles).toEqual([]);
};

it('whatever fails while it is published: every event is on its topic once, in order; what compaction leaves of the views is their fold; and no view was ever set back', () =>
  fc.assert(
    fc.asyncProperty(
      anyLog,
      fc.array(anyHappening, { minLength: 20, maxLength: 60 }),
      anyFaults,
      async (all, happenings, faults) => {
        const log = new GrowingLog(all);
        const topics = new KeptTopics();
        await publishThrough(log, topics, happenings, [...faults]);
        expectEachEventOnce(topics, log);
        expectTheFold(topics, log);
        expectNoViewSetBack(topics);
      },
    ),
    { numRuns: 60, endOnFailure: true },
  ));
