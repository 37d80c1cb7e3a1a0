import * as fc from 'fast-check';
import { agreementsAfter } from '#event-store/agreements.js';
import type { Agreements } from '#event-store/agreements.js';

type Known = Readonly<Record<number, number>>;

const known = (agreements: Known): Agreements =>
  new Map(Object.entries(agreements).map(([epoch, position]) => [Number(epoch), position]));

describe('a restored store knows up to where it is the same as in each earlier epoch:', () => {
  it.each<[string, Known, Known, Known]>([
    ['in that of the backup up to its end', { 1: 90 }, { 1: 100 }, { 1: 90 }],
    ['also where the store was emptied since', { 1: 90 }, { 1: 0 }, { 1: 90 }],
    ['in those that the backup knows of', { 1: 50, 2: 90 }, { 1: 50, 2: 95 }, { 1: 50, 2: 90 }],
    ['in the replaced one as far as that goes', { 1: 98 }, { 1: 90, 2: 95 }, { 1: 98, 2: 90 }],
    ['or as far as the backup goes', { 1: 80 }, { 1: 90, 2: 95 }, { 1: 80, 2: 80 }],
    [
      'in those before the replaced one',
      { 1: 70 },
      { 1: 40, 2: 60, 3: 99 },
      { 1: 70, 2: 40, 3: 40 },
    ],
    ['in a later one than the replaced one is in', { 1: 50, 2: 90 }, { 1: 70 }, { 1: 50, 2: 90 }],
    ['by an epoch that both know of', { 1: 30, 3: 80 }, { 1: 60, 2: 70 }, { 1: 30, 2: 30, 3: 80 }],
    ['in none that it has nothing to do with', { 1: 90 }, { 3: 95 }, { 1: 90 }],
  ])('%s', (_, backup, replaced, agreements) => {
    expect(
      agreementsAfter({ backup: known(backup), replaced: known(replaced), isSameAt: always }),
    ).toEqual(known(agreements));
  });

  it('and says nothing of epochs in which there were two stores', () => {
    const parts = { backup: known({ 1: 20, 2: 90 }), replaced: known({ 2: 100, 3: 110 }) };
    const looked: number[] = [];
    const isSameAt = (position: number) => looked.push(position) === 0;
    expect(agreementsAfter({ ...parts, isSameAt })).toEqual(known({ 1: 20 }));
    expect(looked).toEqual([90]);
  });

  it('and never says more than is true, whatever it was restored from, and however often', () =>
    fc.assert(
      fc.property(fc.array(anyHappening, { minLength: 20, maxLength: 80 }), (happenings) => {
        for (const { now, backup, logs } of restoresIn(happenings)) {
          for (const [epoch, position] of now.earlier)
            expect(position).toBeLessThanOrEqual(sameIn(now.events, logs[epoch]!));
          expect(now.earlier.get(backup.epoch)).toBe(backup.events.length);
        }
      }),
    ));
});

const always = () => true;

type Life = Readonly<{ epoch: number; events: readonly number[]; earlier: Agreements }>;

const anyHappening = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ what: 'append' as const }) },
  { weight: 2, arbitrary: fc.constant({ what: 'back up' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('restore' as const),
      from: fc.nat({ max: 30 }),
      lost: fc.nat({ max: 3 }).map((one) => one === 0),
    }),
  },
);

type Happening = typeof anyHappening extends fc.Arbitrary<infer One> ? One : never;

/** Every restore of one store; `logs` are those of its epochs until then. */
const restoresIn = (happenings: readonly Happening[]) => {
  let now: Life = { epoch: 1, events: [], earlier: new Map() };
  let appended = 0;
  const backups = [now];
  const logs: (readonly number[])[] = [];
  return happenings.flatMap((happening) => {
    if (happening.what === 'append') {
      now = { ...now, events: [...now.events, appended + 1, appended + 2] };
      appended += 2;
    } else if (happening.what === 'back up') backups.push(now);
    else {
      logs[now.epoch] = now.events;
      const backup = backups[happening.from % backups.length]!;
      now = restored(backup, now, happening.lost);
      return [{ now, backup, logs: [...logs] }];
    }
    return [];
  });
};

const restored = (backup: Life, replaced: Life, lost: boolean): Life => ({
  epoch: replaced.epoch + 1,
  events: backup.events,
  earlier: agreementsAfter({
    backup: ofLife(backup),
    replaced: lost ? new Map() : ofLife(replaced),
    isSameAt: (position) => backup.events[position - 1] === replaced.events[position - 1],
  }),
});

const ofLife = ({ epoch, events, earlier }: Life): Agreements =>
  new Map([...earlier, [epoch, events.length]]);

/** How many events two logs begin with that are the same. */
const sameIn = (one: readonly number[], other: readonly number[]): number => {
  const at = one.findIndex((event, index) => event !== other[index]);
  return at < 0 ? one.length : at;
};
