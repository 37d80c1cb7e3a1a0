/** A command on its way out. */
export type OutgoingCommand = Readonly<{
  type: string;
  commandId: string;
  /** The merchant account of a command that does not name one. */
  merchantAccountId?: string;
  /** As it stands in the line; '' where it says none. */
  authorizationId: string;
  /** Commands that have this in common are about one authorization, and are sent in order. */
  authorization: string;
  /** The line as it stands in the file. */
  body: Uint8Array;
}>;

/** Why a line was not sent. */
export type BadLine = 'not_json' | 'no_type' | 'no_command_id' | 'line_too_long';

/**
 * The command that a line holds. Only what is needed to send it is looked at: the ledger says whether
 * it is valid.
 */
export const commandOf = (
  body: Uint8Array,
  merchantAccountId: string,
): OutgoingCommand | BadLine => {
  const said = objectOf(body);
  if (!said) return 'not_json';
  const { type, commandId } = said;
  if (!isWord(type)) return 'no_type';
  if (!isWord(commandId)) return 'no_command_id';
  const named = said['merchantAccountId'] !== undefined && said['merchantAccountId'] !== null;
  return {
    type,
    commandId,
    ...(!named && { merchantAccountId }),
    authorizationId: typeof said['authorizationId'] === 'string' ? said['authorizationId'] : '',
    authorization: JSON.stringify([
      named ? said['merchantAccountId'] : merchantAccountId,
      said['authorizationId'],
    ]),
    body,
  };
};

type Said = Readonly<Record<string, unknown>>;

const objectOf = (body: Uint8Array): Said | undefined => {
  try {
    const said: unknown = JSON.parse(
      Buffer.from(body.buffer, body.byteOffset, body.length).toString(),
    );
    return typeof said === 'object' && said !== null && !Array.isArray(said)
      ? (said as Said)
      : undefined;
  } catch {
    return undefined;
  }
};

/** What can stand in an address and in a header as it is. */
const isWord = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9._:~-]{1,128}$/.test(value);
