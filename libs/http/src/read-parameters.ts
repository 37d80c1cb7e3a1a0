import { pageLimit } from './list-parameters.js';
import { wholeNumber } from './parameter.js';
import { pathIds } from './request-ids.js';

const revision = { min: 0, max: Number.MAX_SAFE_INTEGER };

const atRevision = wholeNumber(
  'As it was after the event of this revision; left out: as it is now.',
  revision,
);

export const authorizationRead = { atRevision };

export const historyRead = {
  from: wholeNumber('The revision to begin at.', { ...revision, byDefault: 0 }),
  limit: pageLimit,
  atRevision: wholeNumber('The revision to end with, included.', revision),
};

export const captureRead = {
  authorizationId: {
    ...pathIds.authorizationId,
    description: 'Which one is meant, where captures of several authorizations have the same id.',
  },
  atRevision,
};
