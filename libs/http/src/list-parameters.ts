import type { CaptureStatus } from '#capture/authorization.js';
import type { AuthorizationStatus } from '#capture/balances.js';
import { everyWord } from './every-word.js';
import { PAGE_DEFAULT, PAGE_MAX, VIEW_WAIT } from './limits.js';
import { cursor, duration, oneOf, wholeNumber } from './parameter.js';

export const captureStatuses = everyWord<CaptureStatus>({
  requested: true,
  pending: true,
  succeeded: true,
  declined: true,
  failed: true,
  canceled: true,
});

export const authorizationStatuses = everyWord<AuthorizationStatus>({
  requires_capture: true,
  processing: true,
  partially_captured_and_capturable: true,
  partially_captured: true,
  succeeded: true,
  voided: true,
  expired: true,
  failed: true,
});

export const pageLimit = wholeNumber('Items of a page, at most.', {
  min: 1,
  max: PAGE_MAX,
  byDefault: PAGE_DEFAULT,
});

const page = {
  limit: pageLimit,
  cursor: cursor('The `next` of the page before.'),
  minPosition: wholeNumber(
    `A position of the log that the list must show, as \`ledger.position\` of a view says it. Waits at most ${VIEW_WAIT} ms.`,
    { min: 0, max: Number.MAX_SAFE_INTEGER },
  ),
};

export const authorizationList = {
  status: oneOf('Only those that stand like this.', authorizationStatuses),
  ...page,
};

export const captureList = {
  status: oneOf('Only those that stand like this.', captureStatuses),
  waitingLongerThan: duration(
    'Only those that are requested or pending, uncertain or not, and were created longer ago than this.',
  ),
  ...page,
};
