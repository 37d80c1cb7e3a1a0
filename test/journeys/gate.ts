import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A command as it comes in over HTTP. */
export type Received = Readonly<{
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  commandId: string;
  authorizationId: string;
}>;

export type Reply = Readonly<{
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string;
}>;

export type Gate = Readonly<{ url: string; close: () => void; closed: Promise<unknown> }>;

/**
 * What a sender takes for the ledger: the test sees every command, and says what is answered; undefined
 * breaks the connection.
 */
export const openGate = async (
  answer: (received: Received) => Promise<Reply | undefined> | Reply | undefined,
  atPort = 0,
): Promise<Gate> => {
  const server = createServer((request, response) => {
    void respond(request, response, answer);
  });
  await new Promise<void>((resolve) => server.listen(atPort, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const closed = once(server, 'close');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  gates.push(close);
  return { url: `http://127.0.0.1:${port}`, close, closed };
};

export const accepted: Reply = { status: 200, body: '{"outcome":"accepted"}' };

export const problem = (status: number, code: string): Reply => ({
  status,
  body: JSON.stringify({ status, code }),
});

/** Passes commands on to a ledger, and its answers back. */
export const forwardTo =
  (url: string) =>
  async ({ path, headers, body }: Received): Promise<Reply> => {
    const { 'idempotency-key': key, 'x-merchant-account-id': merchant } = headers;
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key !== undefined && { 'idempotency-key': key }),
        ...(merchant !== undefined && { 'x-merchant-account-id': merchant }),
      },
      body,
    });
    const repeat = response.headers.get('ledger-repeat');
    return {
      status: response.status,
      ...(repeat !== null && { headers: { 'ledger-repeat': repeat } }),
      body: await response.text(),
    };
  };

const gates: (() => void)[] = [];

/** Closes what a test has opened. */
export const closeGates = (): void => {
  for (const close of gates.splice(0)) close();
};

const respond = async (
  request: IncomingMessage,
  response: ServerResponse,
  answer: Parameters<typeof openGate>[0],
): Promise<void> => {
  // A sender that is killed breaks its requests off.
  response.on('error', () => undefined);
  const body = await text(request).catch(() => undefined);
  if (body === undefined) return;
  const { commandId, authorizationId } = JSON.parse(body) as Received;
  const headers = request.headers as Record<string, string>;
  const path = String(request.url);
  const reply = await answer({ path, headers, body, commandId, authorizationId });
  if (!reply) {
    response.destroy();
    return;
  }
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(reply.body);
};
