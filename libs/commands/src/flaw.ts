/** What is wrong with a message, and where: `pointer` is a JSON Pointer (RFC 6901), '' for all of it. */
export type Flaw = Readonly<{ pointer: string; message: string }>;
