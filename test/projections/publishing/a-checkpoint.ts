import type { PublicationCheckpoint } from '#projections/publication-checkpoint.js';

/** With all members, in the midst of a republication. */
export const aCheckpoint: PublicationCheckpoint = {
  position: 12,
  eventId: '5e4c1d5f-0b3b-5d1c-9d8e-0d9c1e1c3a11',
  from: 5,
  epoch: 1,
  asOf: 14,
  asOfEventId: '0d9c1e1c-3a11-5d1c-9d8e-5e4c1d5f0b3b',
  views: { capture: 1 },
  republication: { views: { 'final-capture': 2 }, after: 3, until: 12 },
};
