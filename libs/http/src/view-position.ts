import type { Lists } from '#projections/queries.js';
import { VIEW_WAIT } from './limits.js';
import { Problem } from './problem.js';

/**
 * Waits until the lists show the log up to this position.
 *
 * @throws {Problem} 503: they do not within {@link VIEW_WAIT}.
 */
export const haveComeTo = async (lists: Lists, minPosition: number | undefined): Promise<void> => {
  if (minPosition === undefined || (await lists.waitFor(minPosition, VIEW_WAIT))) return;
  const asOf = await lists.asOf();
  throw new Problem({
    status: 503,
    code: 'view_behind',
    detail: `The lists show the log up to position ${asOf}, not yet up to ${minPosition}.`,
    members: { asOf, minPosition },
    headers: { 'retry-after': '1' },
  });
};
