import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpResponse } from './http-response.js';
import { problemResponse } from './problem.js';
import { protocolProblem } from './protocol-problem.js';
import { TRACE_ID_HEADER, traceIdOf } from './trace-id.js';

/** By the code of Node's error; any other is 400. */
const statuses: ReadonlyMap<string | undefined, number> = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
]);

/**
 * Answers what Node could not read as HTTP, for which Fastify makes no request, and closes the connection.
 */
export const answerUnreadable = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  socket.end(textOf(unreadableResponse(statuses.get(error.code) ?? 400, traceIdOf({}))));
};

/** Answers a request that expects what nobody can do (`Expect`); it gets no further than Node. */
export const answerExpectation = (
  { headers: sent }: IncomingMessage,
  response: ServerResponse,
): void => {
  const unable = unreadableResponse(417, traceIdOf(sent));
  response.writeHead(unable.status, lastHeadersOf(unable)).end(unable.body);
};

/** A problem for a request whose hooks do not run: it has the headers that they would have set. */
export const unreadableResponse = (status: number, traceId: string): HttpResponse => {
  const report = protocolProblem(status);
  const { headers, ...response } = problemResponse({ ...report, members: { traceId } });
  return {
    ...response,
    headers: {
      ...headers,
      [TRACE_ID_HEADER]: traceId,
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
    },
  };
};

/** The headers of a response that is written by hand, and is the last one of its connection. */
const lastHeadersOf = ({ headers, body = '' }: HttpResponse): Readonly<Record<string, string>> => ({
  ...headers,
  'content-length': String(Buffer.byteLength(body)),
  connection: 'close',
});

const textOf = (response: HttpResponse): string =>
  [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}`,
    ...Object.entries(lastHeadersOf(response)).map(([name, value]) => `${name}: ${value}`),
    '',
    response.body,
  ].join('\r\n');
