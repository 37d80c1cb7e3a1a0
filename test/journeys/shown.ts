import type { HistoryEntry, HistoryPage } from '#projections/queries.js';
import type { AuthorizationView, CaptureView } from '#projections/views.js';

/** What a ledger shows over HTTP, of the default merchant account. */
export type ListsShown = Readonly<{
  authorizations: readonly AuthorizationView[];
  captures: readonly CaptureView[];
  /** Every page of both, as it came. */
  pages: readonly string[];
}>;

/** All of both lists, as of `position` at least: however long that takes. */
export const listsOf = async (url: string, position: number): Promise<ListsShown> => {
  const authorizations = await listOf<AuthorizationView>(url, '/v1/authorizations', position);
  const captures = await listOf<CaptureView>(url, '/v1/captures', position);
  return {
    authorizations: authorizations.items,
    captures: captures.items,
    pages: [...authorizations.pages, ...captures.pages],
  };
};

/** All of a history. */
export const historyOf = async (
  url: string,
  authorizationId: string,
): Promise<readonly HistoryEntry[]> => {
  const entries: HistoryEntry[] = [];
  let from: number | null = 0;
  while (from !== null) {
    const path = `/v1/authorizations/${authorizationId}/history?limit=100&from=${from}`;
    const page = (await shown(url, path)) as HistoryPage;
    entries.push(...page.entries);
    from = page.next;
  }
  return entries;
};

export const shown = async (url: string, path: string): Promise<unknown> => {
  const response = await fetch(`${url}${path}`);
  expect(response.status).toBe(200);
  return response.json();
};

const listOf = async <Item>(
  url: string,
  path: string,
  position: number,
): Promise<Readonly<{ items: readonly Item[]; pages: readonly string[] }>> => {
  const items: Item[] = [];
  const pages: string[] = [];
  for (let cursor = ''; ;) {
    const page = await caughtUp(`${url}${path}?limit=100&minPosition=${position}${cursor}`);
    const { items: more, next } = JSON.parse(page) as { items: Item[]; next: string | null };
    items.push(...more);
    pages.push(page);
    if (next === null) return { items, pages };
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
};

/** Asks again while the views are behind; the ledger waits a while each time. */
const caughtUp = async (address: string): Promise<string> => {
  for (;;) {
    const response = await fetch(address);
    const text = await response.text();
    if (response.status === 200) return text;
    expect(JSON.parse(text)).toMatchObject({ code: 'view_behind' });
  }
};
