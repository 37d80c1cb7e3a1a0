/** An `AuthorizationReader` of queries.ts. */
export const AUTHORIZATION_READER = Symbol('AuthorizationReader');
/** A `Lists` of queries.ts. */
export const LISTS = Symbol('Lists');
