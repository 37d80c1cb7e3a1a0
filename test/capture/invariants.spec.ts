import * as fc from 'fast-check';
import { anyCommands } from './arbitraries.js';
import { authorizationInvariants } from './authorization-invariants.js';
import { captureInvariants } from './capture-invariants.js';
import { stepsOf } from './steps.js';
import { smallWorld, vastWorld } from './worlds.js';

describe.each([
  ['small amounts', smallWorld, 200],
  ['amounts near 2^53', vastWorld, 100],
])('whatever is sent, in whatever order: %s', (_, world, numRuns) => {
  const lives = anyCommands(world);

  it.each(Object.entries({ ...authorizationInvariants, ...captureInvariants }))('%s', (__, holds) =>
    fc.assert(
      fc.property(lives, (commands) => {
        expect(stepsOf(commands).find((step) => !holds(step))).toBeUndefined();
      }),
      { numRuns },
    ),
  );
});
