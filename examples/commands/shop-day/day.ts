import { courses } from './courses.ts';
import { Random } from './random.ts';
import type { Weighted } from './random.ts';
import { Story } from './story.ts';
import type { Sent } from './story.ts';

export type Day = Readonly<{
  /** The same seed gives the same bytes. */
  seed: number;
  authorizations: number;
}>;

/** A line as it arrives: `order` tells those apart that arrive in the same millisecond. */
type Delivery = Readonly<{ at: number; order: number; line: string }>;

const BEGINS = Date.parse('2026-11-20T00:00:00.000Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How busy each hour is. */
const hours: Weighted<number> = [
  1, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 13, 14, 12, 11, 11, 12, 14, 17, 19, 20, 16, 9, 4,
].map((weight, hour) => [weight, hour]);

/** The lines of a day of a shop, in the order in which they arrive. */
export const linesOf = (day: Day): string[] => {
  const deliveries: Delivery[] = [];
  for (let number = 1; number <= day.authorizations; number += 1) {
    const random = new Random(day.seed, number);
    const begins = BEGINS + random.pickWeighted(hours) * HOUR + random.below(HOUR);
    const id = `shop${day.seed}-${String(number).padStart(6, '0')}`;
    const story = new Story(random, id, begins);
    random.pickWeighted(courses)(story);
    for (const sent of story.sent) {
      for (const { at, line } of disturbed(sent, random)) {
        deliveries.push({ at, order: deliveries.length, line });
      }
    }
  }
  deliveries.sort((one, other) => one.at - other.at || one.order - other.order);
  return deliveries.map(({ line }) => line);
};

/** How a line arrives: now and then late, behind what was sent after it, twice, or torn. */
function* disturbed(
  { sentAt, isFact, line }: Sent,
  random: Random,
): Iterable<Omit<Delivery, 'order'>> {
  const at = sentAt + delay(isFact, random);
  // A writer died in the middle of a line, and its successor began it anew.
  if (random.oneIn(4000)) yield { at, line: line.slice(0, random.between(10, 60)) };
  yield { at, line };
  if (random.oneIn(50)) {
    const again = random.oneIn(10)
      ? random.between(HOUR, 8 * HOUR)
      : random.between(1, 90 * SECOND);
    yield { at: at + again, line };
  }
}

const delay = (isFact: boolean, random: Random): number => {
  if (isFact && random.oneIn(40)) return random.between(10 * MINUTE, 6 * HOUR);
  if (random.oneIn(60)) return random.between(5 * SECOND, 90 * SECOND);
  return random.below(SECOND);
};
