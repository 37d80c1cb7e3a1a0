import type { Flaw } from './flaw.js';

/**
 * A message that may be a command, as any transport hands it over: the body, and what the transport
 * says beside it (a path, headers, a record's key). What is said twice must be said alike.
 */
export type IncomingCommand = Readonly<{
  /** JSON text: the command's members. '' where there are none, and `flaws` say so. */
  body: Uint8Array | string;
  /** From the path or `ce_type`; either here or in the body. */
  type?: string;
  /** From `Idempotency-Key` or `ce_id`; either here or in the body. */
  commandId?: string;
  /** Neither here nor in the body: `default`. */
  merchantAccountId?: string;
  /** From a path or the record's key; either here or in the body. */
  authorizationId?: string;
  /** When the transport took it, RFC 3339; for a body that does not say when it was issued. */
  issuedAt?: string;
  /** Who asks, for a body that does not say. */
  actor?: string;
  correlationId?: string;
  causationId?: string;
  /**
   * How a person finds what the transport says, by the member that it is taken for: its pointer (`/id`), or
   * words where it is in no JSON (`the header ce_id`).
   */
  told?: Readonly<Record<string, string | undefined>>;
  /** What the transport itself finds wrong with the message; one flaw is enough to make it invalid. */
  flaws?: readonly Flaw[];
  /** The revision that the sender wants the stream to be at (HTTP `If-Match`); passed on as it is. */
  ifMatch?: number;
}>;
