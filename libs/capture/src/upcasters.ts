type AnyEvent = Readonly<{ type: string; data: Readonly<Record<string, unknown>> }>;

/**
 * By the type of an event as it was once written: the function that turns it into its successor.
 * Nothing has been succeeded yet. The first event that gets a new shape gets a new type in events.ts,
 * and its old type a line here; the old type stays in `schemaVersions`, and its golden line in the tests.
 */
export const upcasters: ReadonlyMap<string, (event: AnyEvent) => AnyEvent> = new Map();
