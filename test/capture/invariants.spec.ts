import * as fc from 'fast-check';
import { anyCommands } from './arbitraries.js';
import { authorizationInvariants } from './authorization-invariants.js';
import { captureInvariants } from './capture-invariants.js';
import { stepsOf } from './steps.js';
import { smallWorld, vastWorld } from './worlds.js';

const invariants = [
  ...Object.entries(authorizationInvariants),
  ...Object.entries(captureInvariants),
];

// All of them on each life: a life costs more to make than to look at. What fails is named in full.
it.each([
  ['small amounts', smallWorld],
  ['amounts near 2^53', vastWorld],
])('whatever is sent, in whatever order, no invariant is broken: %s', (_, world) =>
  fc.assert(
    fc.property(anyCommands(world), (commands) => {
      const steps = stepsOf(commands);
      const broken = invariants.filter(([, holds]) => !steps.every(holds));
      expect(broken.map(([sentence]) => sentence)).toEqual([]);
    }),
    { numRuns: 250 },
  ),
);
