/** Events of one stream that commands may use; beyond, they are refused `history_full`. */
export const EVENTS_FOR_COMMANDS = 8_000;

/** Events that a stream has room for at all: the rest is kept for facts. */
export const EVENTS_OF_A_STREAM = 10_000;
