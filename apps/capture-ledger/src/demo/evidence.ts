// What the demo finds when it looks: in the history, and in the views.
import { isDeepStrictEqual } from 'node:util';
import type { Decided } from '#commands/answer.js';
import type { AuthorizationKey } from '#capture/stream-name.js';
import { authorizationOf } from '#projections/authorization-view.js';
import type { AuthorizationReader, HistoryEntry } from '#projections/queries.js';
import type { RunningLedger } from '../ledger.js';
import { expectThat } from './expectation.js';
import { money } from './narration.js';
import type { SentCommand } from './sent-command.js';
import { CURRENCY } from './stage.js';

const PAGE = 100;
const CAUGHT_UP_WITHIN_MS = 10_000;

export const historyOf = async (
  reader: AuthorizationReader,
  key: AuthorizationKey,
): Promise<readonly HistoryEntry[]> => {
  const page = await reader.history(key, { limit: PAGE });
  expectThat(page?.next === null, 'a history of one page', page?.next);
  return page.entries;
};

/**
 * Has a command answered by a ledger that came up after a crash, and looks at the history before and
 * after: it must have been decided once, as `revision`, with nothing lost before it.
 *
 * @param answered what the command is answered, sent again or delivered again.
 */
export const provenDecidedOnce = async (
  { reader }: Pick<RunningLedger, 'reader'>,
  key: AuthorizationKey,
  { commandId }: SentCommand,
  revision: number,
  answered: () => Promise<Pick<Decided, 'answer' | 'repeat'>>,
): Promise<void> => {
  const found = await historyOf(reader, key);
  const whole = found.length === revision + 1 && found.every((one, at) => one.revision === at);
  expectThat(
    whole,
    `revisions 0 to ${revision}`,
    found.map((one) => one.revision),
  );
  const { answer, repeat } = await answered();
  const same = repeat && answer.outcome === 'accepted' && answer.revision === revision;
  expectThat(same, `the answer of revision ${revision} again`, { answer, repeat });
  const after = await historyOf(reader, key);
  expectThat(isDeepStrictEqual(after, found), 'the same history as before', after.length);
  const decisions = after.filter(({ who }) => who.commandId === commandId);
  expectThat(decisions.length === 1, 'one decision', decisions);
};

/** What the lists of views.db show of a merchant account whose only authorization is `key`, in a line. */
export const totalsOf = async (
  { lists, reader }: RunningLedger,
  key: AuthorizationKey,
): Promise<string> => {
  const history = await historyOf(reader, key);
  const head = history.at(-1)?.position ?? 0;
  const caughtUp = await lists.waitFor(head, CAUGHT_UP_WITHIN_MS);
  expectThat(caughtUp, `views as of position ${head}`, await lists.asOf());
  const { merchantAccountId } = key;
  const { items } = await lists.authorizations({ merchantAccountId, limit: PAGE });
  const captures = await lists.captures({ merchantAccountId, limit: PAGE });
  const folded = await reader.read(key);
  const [shown] = items;
  const same = folded && shown && isDeepStrictEqual(shown, authorizationOf(folded));
  expectThat(same === true, 'a view that is the fold of its events', shown);
  const sum = (of: 'refunded' | 'refundPending'): number =>
    captures.items.reduce((total, { refundBalance }) => total + Number(refundBalance[of]), 0);
  return [
    `captures ${captures.items.length}`,
    `captured ${money(shown.captured, CURRENCY)}`,
    `refunded ${money(sum('refunded'), CURRENCY)}`,
    `refund pending ${money(sum('refundPending'), CURRENCY)}`,
    `final ${shown.finalCaptureId === null ? 'no' : 'yes'}`,
    `events ${history.length}`,
    `refusals ${history.filter(({ kind }) => kind === 'refusal').length}`,
  ].join('   ');
};
