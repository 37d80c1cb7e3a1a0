import type { AuthorizationCommand } from '#capture/commands.js';
import type { FingerprintSubject } from './fingerprint.js';

/** A valid command on its way to be decided, whoever brought it. */
export type SubmittedCommand = Readonly<{
  /** As the domain knows it: ids and defaults filled in, times normalised. */
  command: AuthorizationCommand;
  stream: string;
  /** Of what the sender sent, before defaults: `{recipe}:{base64url}`. */
  fingerprint: string;
  /** What the fingerprint is of, should a decision of years ago ask for another recipe. */
  sent: FingerprintSubject;
  correlationId?: string;
  causationId?: string;
  /** The revision that the sender wants the stream to be at (HTTP `If-Match`). */
  ifMatch?: number;
}>;
