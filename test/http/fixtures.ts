import type { HttpAnswer, HttpClient } from './http-client.js';

export const registration = (authorizationId: string) => ({
  authorizationId,
  amount: 10_000,
  currency: 'EUR',
  captureMethod: 'manual_multiple',
  connector: 'acme-pay',
});

/** An authorization of EUR 100.00 that may be captured in parts. */
export const registered = (
  client: HttpClient,
  authorizationId: string,
  headers = {},
): Promise<HttpAnswer> =>
  client.send(
    'RegisterAuthorization',
    `register-${authorizationId}`,
    registration(authorizationId),
    headers,
  );

export const captured = (
  client: HttpClient,
  authorizationId: string,
  captureId: string,
  amount: number,
): Promise<HttpAnswer> =>
  client.send('CreateCapture', `create-${captureId}`, { authorizationId, captureId, amount });

export const told = (
  client: HttpClient,
  authorizationId: string,
  captureId: string,
  outcome: string,
): Promise<HttpAnswer> =>
  client.send('RecordCaptureOutcome', `${outcome}-${captureId}`, {
    authorizationId,
    captureId,
    outcome,
    occurredAt: '2026-11-21T09:00:00Z',
  });
