import * as fc from 'fast-check';
import { agreementsAfter } from '#event-store/agreements.js';
import type { Agreements } from '#event-store/agreements.js';
import { multiple, requested } from '../../capture/fixtures.js';
import { HistoryWriter, key, logOf } from '../history-writer.js';
import { GrowingLog } from './growing-log.js';

/** A store, or a backup of one: whose captures were asked for, in which order, and what it knows of its past. */
type Life = Readonly<{ epoch: number; captures: readonly Capture[]; earlier: Agreements }>;

/** Asked for in two lives it is the same: its sender has repeated the command. */
type Capture = Readonly<{ authorization: number; captureId: string }>;

type Happening =
  | Readonly<{ what: 'append'; events: number; of: number }>
  | Readonly<{ what: 'back up' }>
  /** From one of the backups; `lost`: nothing is left of the store but its epoch, which an operator tells. */
  | Readonly<{ what: 'restore'; from: number; lost: boolean }>;

type Link = Happening | Readonly<{ what: 'publish'; turns: number }>;

const anyLink: fc.Arbitrary<Link> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('append' as const),
      events: fc.integer({ min: 1, max: 12 }),
      of: fc.integer({ min: 0, max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ what: 'back up' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('restore' as const),
      from: fc.nat({ max: 20 }),
      lost: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('publish' as const),
      turns: fc.constantFrom(1, 2, 3, 5, 8, Infinity),
    }),
  },
);

export const anyChain: fc.Arbitrary<readonly Link[]> = fc.array(anyLink, {
  minLength: 20,
  maxLength: 50,
});

/** One store, however often it is restored. */
export class StoreLives {
  #now: Life = { epoch: 1, captures: [], earlier: new Map() };
  readonly #backups: Life[] = [this.#now];

  pass(happening: Happening): void {
    if (happening.what === 'append') this.#append(happening.events, happening.of);
    else if (happening.what === 'back up') this.#backups.push(this.#now);
    else this.#restore(this.#backups[happening.from % this.#backups.length]!, happening.lost);
  }

  /** What its publisher sees. */
  log(): GrowingLog {
    const { epoch, captures, earlier } = this.#now;
    const log = new GrowingLog(recorded(captures));
    return Object.assign(log, { identity: { shard: 0, epoch }, agreements: earlier });
  }

  #append(events: number, of: number): void {
    const captures = [...this.#now.captures];
    for (let event = 0; event < events; event += 1) {
      const authorization = (of + event) % 3;
      captures.push({ authorization, captureId: `c${captures.length}-${of}` });
    }
    this.#now = { ...this.#now, captures };
  }

  #restore(backup: Life, lost: boolean): void {
    const replaced = this.#now;
    const earlier = agreementsAfter({
      backup: agreementsOf(backup),
      replaced: lost ? new Map() : agreementsOf(replaced),
      isSameAt: (position) =>
        recorded(backup.captures)[position - 1]?.eventId ===
        recorded(replaced.captures)[position - 1]?.eventId,
    });
    this.#now = {
      epoch: Math.max(backup.epoch, replaced.epoch) + 1,
      captures: backup.captures,
      earlier,
    };
  }
}

const agreementsOf = ({ epoch, captures, earlier }: Life): Agreements =>
  new Map([...earlier, [epoch, recorded(captures).length]]);

/** The first of an authorization registers it. */
const recorded = (captures: readonly Capture[]) => {
  const writer = new HistoryWriter();
  const seen = new Map<number, number>();
  return logOf(
    captures.map(({ authorization, captureId }) => {
      const sequence = (seen.get(authorization) ?? 0) + 1;
      seen.set(authorization, sequence);
      const events = [requested(captureId, 1_00, { sequence })];
      return writer.encode(
        key(`auth-${authorization}`),
        sequence === 1 ? [multiple(), ...events] : events,
        { commandId: captureId },
      );
    }),
  );
};
