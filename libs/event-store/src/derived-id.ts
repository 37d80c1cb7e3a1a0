import { parse, v5 } from 'uuid';

/** The ledger's own namespace. It is part of every id ever made, so it never changes. */
const NAMESPACE = parse('6f0c3a52-8f0d-4b6e-9c07-2d1b7e5a94c8');

/**
 * The id of something that a command made: UUIDv5 (RFC 9562) of `{stream}/{commandId}/{part}`, in
 * lower case. A part is an event's index in its command's decision, or the thing that the command
 * opened without naming it. The same command makes the same ids however often it is sent; the same
 * command id on another stream is another command, and makes others.
 */
export const derivedId = (
  stream: string,
  commandId: string,
  part: number | 'capture' | 'refund',
): string => v5(`${stream}/${commandId}/${part}`, NAMESPACE);
