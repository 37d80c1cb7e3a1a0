import { checkpointFirst, goingOnWhenFenced, sendingAgain } from './broken-publishers.js';
import { firstThatShows } from './first-that-shows.js';
import { loadSimulation } from './load-simulation.js';
import { TIMEOUT } from './seeds.js';
import type { simulate } from './simulation.js';

describe('the simulation catches a publisher that', () => {
  let simulating: typeof simulate;

  beforeAll(async () => {
    ({ simulate: simulating } = await loadSimulation());
  });

  it.each([
    ['commits a checkpoint before what it is of', checkpointFirst, 'checkpoint_ahead'],
    ['was fenced and goes on', goingOnWhenFenced, 'published_twice'],
    ['sends again what may have been committed', sendingAgain, 'published_twice'],
  ] as const)(
    '%s',
    async (_, aroundSink, promise) => {
      expect(await firstThatShows(promise, simulating, { aroundSink })).toBeDefined();
    },
    TIMEOUT,
  );

  it.each([
    [
      'commits a checkpoint before what it is of, by events that readers never get',
      { aroundSink: checkpointFirst, overlooked: 'checkpoint_ahead' },
      'event_missing',
    ],
    [
      'was fenced and goes on, by views that are set back',
      { aroundSink: goingOnWhenFenced, overlooked: 'published_twice' },
      'view_set_back',
    ],
  ] as const)(
    '%s',
    async (_, variant, promise) => {
      expect(await firstThatShows(promise, simulating, variant)).toBeDefined();
    },
    TIMEOUT,
  );
});
