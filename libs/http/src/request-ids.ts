import type { IncomingHttpHeaders } from 'node:http';
import type { HttpRequest } from './http-request.js';
import { invalidRequest } from './invalid-request.js';
import { id } from './parameter.js';
import type { Parameter } from './parameter.js';

export const merchantAccountHeader = id('Whose things are meant; left out: default.');

export const idempotencyKeyHeader = id(
  'The command id. The same key with the same command is answered the same for ever; with another, 409.',
);

/**
 * Whose things are meant, where the sender says it.
 *
 * @throws {Problem} 400: it is no id.
 */
export const merchantAccountSent = ({ headers }: HttpRequest): string | undefined =>
  headers['x-merchant-account-id'] === undefined
    ? undefined
    : headerOf(headers, 'X-Merchant-Account-Id', merchantAccountHeader);

/** Whose things are meant. */
export const merchantAccountOf = (request: HttpRequest): string =>
  merchantAccountSent(request) ?? 'default';

/** @throws {Problem} 400: it is not there, or no id. */
export const idempotencyKeyOf = ({ headers }: HttpRequest): string =>
  headerOf(headers, 'Idempotency-Key', idempotencyKeyHeader);

const headerOf = (
  headers: IncomingHttpHeaders,
  header: string,
  parameter: Parameter<string>,
): string => {
  const value = parameter.read(String(headers[header.toLowerCase()] ?? ''));
  if (value === undefined)
    throw invalidRequest([{ header, message: `must be ${parameter.expected}` }]);
  return value;
};

/** @throws {Problem} 400: it is no id, so that there can be nothing at this address. */
export const pathIdOf = (
  { params }: HttpRequest,
  name: 'authorizationId' | 'captureId',
): string => {
  const { read, expected } = pathIds[name];
  const value = read(params[name] ?? '');
  if (value === undefined)
    throw invalidRequest([{ parameter: name, message: `must be ${expected}` }]);
  return value;
};

export const pathIds = {
  authorizationId: id('Of an authorization of this merchant account.'),
  captureId: id('Of a capture of this merchant account.'),
};
