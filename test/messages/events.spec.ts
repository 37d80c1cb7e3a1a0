import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import type { AuthorizationEvent } from '#capture/events.js';
import { canonicalJson } from '#event-store/canonical.js';
import { anyCommands } from '../capture/arbitraries.js';
import { historyOf, stepsOf } from '../capture/steps.js';
import { smallWorld, vastWorld } from '../capture/worlds.js';
import { renamed, withSurprise } from './altered.js';
import type { Members } from './altered.js';
import { flawsBy } from './published-schemas.js';

type GoldenLine = Readonly<{ type: string; data: Members; metadata: Members }>;

const golden = readFileSync('test/event-store/golden/events.ndjson', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenLine);

const flawsOfData = (type: string, data: unknown) => flawsBy(`events/${type}.json`, data);

describe.each(golden.map((line) => [line.type, line] as const))(
  'The schema of %s',
  (type, { data, metadata }) => {
    it('takes the event as it was once written', () => {
      expect(flawsOfData(type, data)).toEqual([]);
      expect(flawsBy('event-metadata.json', metadata)).toEqual([]);
    });

    it('has no room for a member that is not in it, at any depth', () => {
      for (const other of withSurprise(data)) expect(flawsOfData(type, other)).not.toEqual([]);
      expect(flawsBy('event-metadata.json', { ...metadata, surprise: 1 })).not.toEqual([]);
    });

    it('finds every member that is renamed', () => {
      for (const other of renamed(data)) expect(flawsOfData(type, other)).not.toEqual([]);
      for (const other of renamed(metadata))
        expect(flawsBy('event-metadata.json', other)).not.toEqual([]);
    });
  },
);

const expectDescribed = (events: readonly AuthorizationEvent[]): void => {
  for (const { type, data } of events) {
    expect(flawsOfData(type, JSON.parse(canonicalJson(data)))).toEqual([]);
  }
};

describe('The schemas of events', () => {
  it.each([
    ['small amounts', smallWorld],
    ['amounts near 2^53', vastWorld],
  ])('take every event of histories at random: %s', (_, world) => {
    fc.assert(
      fc.property(anyCommands(world), (commands) => expectDescribed(historyOf(stepsOf(commands)))),
      { numRuns: 200 },
    );
  });
});
