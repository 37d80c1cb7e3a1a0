/** The views that are published, named as in their topics. */
export type ViewName = 'capture-sequence' | 'refund-balance' | 'final-capture' | 'capture';

/**
 * Of each view, raised whenever the same events show something else than they did: readers tell new from
 * old by it, and every key of that view is published again. A view changes by its own cut, or by the fold
 * of the document it is cut from: then `documentVersion` is raised as well.
 */
export const viewVersions: Readonly<Record<ViewName | 'authorization', number>> = {
  authorization: 1,
  'capture-sequence': 1,
  'refund-balance': 1,
  'final-capture': 1,
  capture: 1,
};
