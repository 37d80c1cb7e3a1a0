/** Events of one stream that commands may use; beyond, they are refused `history_full`. */
export const EVENTS_FOR_COMMANDS = 8_000;

/** Events that a stream has room for at all: the rest is kept for facts. */
export const EVENTS_OF_A_STREAM = 10_000;

/** Stored bytes of one stream that commands may use, likewise: whoever reads it holds all of it. */
export const BYTES_FOR_COMMANDS = 8 * 1024 * 1024;

export const BYTES_OF_A_STREAM = 10 * 1024 * 1024;
