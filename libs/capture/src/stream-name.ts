/** Which authorization of which merchant account. */
export type AuthorizationKey = Readonly<{ merchantAccountId: string; authorizationId: string }>;

const PREFIX = 'authorization-';

/** The stream of an authorization: all that must be decided together. No id has a slash in it. */
export const streamOf = ({ merchantAccountId, authorizationId }: AuthorizationKey): string =>
  `${PREFIX}${merchantAccountId}/${authorizationId}`;

/** Whose stream it is; undefined where it is no authorization's, and so was not written by this ledger. */
export const keyOf = (stream: string): AuthorizationKey | undefined => {
  const slash = stream.indexOf('/');
  if (!stream.startsWith(PREFIX) || slash < 0) return undefined;
  return {
    merchantAccountId: stream.slice(PREFIX.length, slash),
    authorizationId: stream.slice(slash + 1),
  };
};
