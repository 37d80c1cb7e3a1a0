import { randomUUID } from 'node:crypto';
import type { CommandType } from '#capture/commands.js';
import type { AuthorizationKey } from '#capture/stream-name.js';

/** A command as a sender may send it any number of times. */
export type SentCommand = Readonly<{
  type: CommandType;
  commandId: string;
  /** JSON. */
  body: string;
}>;

/** A new command about an authorization, under an id that nobody has used. */
export const newCommand = (
  key: AuthorizationKey,
  type: CommandType,
  said: object,
): SentCommand => ({
  type,
  commandId: randomUUID(),
  body: JSON.stringify({ ...key, ...said }),
});
