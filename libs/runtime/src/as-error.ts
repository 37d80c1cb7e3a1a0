/** What was thrown, which need not be an error: kafkajs rejects with what it has, and so may a callback. */
export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));
