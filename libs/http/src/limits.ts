import { JSON_BYTES_MAX } from '#commands/safe-json.js';

/** Bytes of a request's body. */
export const BODY_BYTES_MAX = JSON_BYTES_MAX;

/** Bytes of a request's line and headers, all together. */
export const HEADER_BYTES_MAX = 16 * 1024;

/** Items of a page. */
export const PAGE_MAX = 100;
export const PAGE_DEFAULT = 20;

/** What is wrong with a request is told up to here; more help nobody. */
export const FLAWS_MAX = 20;

/** Milliseconds that a list waits for the position that is asked for. */
export const VIEW_WAIT = 2_000;

/** Milliseconds within which a whole request must have come in. */
export const REQUEST_WITHIN = 30_000;

/** Milliseconds that a connection is kept for another request: longer than what stands before us keeps it. */
export const KEEP_ALIVE = 72_000;

/** Milliseconds after which a server that closes cuts whoever has still not sent a whole request. */
export const CUT_AFTER = 5_000;
