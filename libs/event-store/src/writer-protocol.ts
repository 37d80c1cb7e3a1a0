// What the main thread and the writer's thread say to one another. Appends and their outcomes go as
// one flat array each: structured clone copies that several times faster than an array of objects.
import type { NewEvent } from '#event-store/event-store.js';

export type Append = Readonly<{
  stream: string;
  expectedRevision: number;
  events: readonly NewEvent[];
}>;

/** What became of one append; `busy` and `full`: nothing was written. */
export type Outcome =
  | Readonly<{ kind: 'appended'; revision: number; position: number }>
  | Readonly<{ kind: 'conflict'; actual: number }>
  | Readonly<{ kind: 'busy' }>
  | Readonly<{ kind: 'full' }>;

export type ToWriter =
  /**
   * A group, or a part of one: `recordedAt`; 1 where the group is whole with it, 0 where more of it
   * comes at once; then each append: stream, expected revision, number of events, the events.
   */
  | readonly (string | number)[]
  /** Close the file and end. */
  | 'close';

export type FromWriter =
  | Readonly<{ said: 'ready' }>
  /** It could not open the file. */
  | Readonly<{ said: 'refused' | 'busy' | 'full'; message: string }>
  /** It does not know what was written, and has ended. */
  | Readonly<{ said: 'broken'; message: string }>
  /** Of a whole group, in the order in which the appends came, three numbers each. */
  | readonly number[];

export const packAppends = (
  appends: readonly Append[],
  { recordedAt, isWhole }: Readonly<{ recordedAt: number; isWhole: boolean }>,
): (string | number)[] => {
  const flat: (string | number)[] = [recordedAt, Number(isWhole)];
  for (const { stream, expectedRevision, events } of appends) {
    flat.push(stream, expectedRevision, events.length);
    for (const { eventId, type, data, metadata } of events)
      flat.push(eventId, type, data, metadata);
  }
  return flat;
};

export const unpackAppends = (
  flat: readonly (string | number)[],
): { appends: Append[]; recordedAt: number; isWhole: boolean } => {
  let at = 2;
  const text = () => flat[at++] as string;
  const number = () => flat[at++] as number;
  const appends: Append[] = [];
  while (at < flat.length) {
    const stream = text();
    const expectedRevision = number();
    const events: NewEvent[] = [];
    for (let left = number(); left > 0; left -= 1)
      events.push({ eventId: text(), type: text(), data: text(), metadata: text() });
    appends.push({ stream, expectedRevision, events });
  }
  return { appends, recordedAt: flat[0] as number, isWhole: flat[1] === 1 };
};

const APPENDED = 0;
const CONFLICT = 1;
const BUSY = 2;
const FULL = 3;

export const packOutcomes = (outcomes: readonly Outcome[]): number[] => {
  const flat: number[] = [];
  for (const outcome of outcomes)
    switch (outcome.kind) {
      case 'appended':
        flat.push(APPENDED, outcome.revision, outcome.position);
        break;
      case 'conflict':
        flat.push(CONFLICT, outcome.actual, 0);
        break;
      case 'busy':
        flat.push(BUSY, 0, 0);
        break;
      case 'full':
        flat.push(FULL, 0, 0);
        break;
    }
  return flat;
};

export const unpackOutcome = (flat: readonly number[], index: number): Outcome => {
  const [code, first, second] = flat.slice(index * 3, index * 3 + 3) as [number, number, number];
  switch (code) {
    case APPENDED:
      return { kind: 'appended', revision: first, position: second };
    case CONFLICT:
      return { kind: 'conflict', actual: first };
    case BUSY:
      return { kind: 'busy' };
    case FULL:
      return { kind: 'full' };
    default:
      throw new Error(`the writer said ${code} of append ${index}`);
  }
};
