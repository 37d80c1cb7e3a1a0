import { ownerOf } from './authorization-document.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import type { PublishedRecord } from './publication-sink.js';
import type { PublishedView } from './published-views.js';
import { recordKey } from './record-key.js';
import type { RecordSubject } from './record-key.js';
import type { ViewName } from './view-versions.js';

const HEADERS = { 'content-type': 'application/json' };

/**
 * The records of an authorization's views: one of each view of authorizations, and one for each of
 * `captures` of each view of captures. Where a view shows nothing of it there is none.
 */
export const viewRecords = (
  views: readonly PublishedView[],
  at: AuthorizationAtRevision,
  captures: Iterable<string>,
): readonly PublishedRecord[] => {
  const owner = ownerOf(at.document);
  const records: PublishedRecord[] = [];
  const subjects: readonly RecordSubject[] = [...captures].map((captureId) => ({
    ...owner,
    captureId,
  }));
  for (const view of views) {
    for (const subject of view.per === 'authorization' ? [owner] : subjects) {
      const shown = shownBy(view, at, subject);
      if (shown === undefined) continue;
      const value = JSON.stringify(shown);
      records.push({ channel: view.name, key: recordKey(subject), value, headers: HEADERS });
    }
  }
  return records;
};

/** All captures of an authorization, by their ids. */
export const capturesOf = ({ document }: AuthorizationAtRevision): readonly string[] =>
  document.state.captures.map(({ captureId }) => captureId);

/** What a view shows of a subject; undefined where it shows nothing. */
export const shownBy = (
  view: PublishedView,
  at: AuthorizationAtRevision,
  { captureId }: RecordSubject,
): object | undefined => {
  if (view.per === 'authorization') return captureId === undefined ? view.cut(at) : undefined;
  return captureId === undefined ? undefined : view.cut(at, captureId);
};

/** Deletes a key of a view. */
export const tombstone = (view: ViewName, key: string): PublishedRecord => ({
  channel: view,
  key,
  value: null,
  headers: {},
});
