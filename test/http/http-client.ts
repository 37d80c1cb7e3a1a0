import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { expectAsDescribed } from './description.js';

export type HttpAnswer = Readonly<{
  status: number;
  headers: IncomingHttpHeaders;
  /** As it came, to compare. */
  body: string;
  /** Empty where it is no JSON. */
  json: Readonly<Record<string, unknown>>;
}>;

export type Asked = Readonly<{
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Uint8Array;
}>;

/**
 * A sender, over connections that are kept alive. Every answer that it gets must be as OpenAPI describes
 * it: status, content type and body.
 */
export class HttpClient {
  readonly #port: number;
  readonly #agent: Agent;

  constructor(port: number, { connections = 16 }: Readonly<{ connections?: number }> = {}) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  async ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<HttpAnswer> {
    const options = { host: '127.0.0.1', port: this.#port, agent: this.#agent };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request({ ...options, method, path, headers }, resolve);
      outgoing.on('error', reject);
      outgoing.end(body);
    });
    const came = await text(response);
    const isJson = /json/.test(response.headers['content-type'] ?? '') && came !== '';
    const answer: HttpAnswer = {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: came,
      json: isJson ? JSON.parse(came) : {},
    };
    expectAsDescribed({ method, path }, answer);
    return answer;
  }

  get(path: string, headers: OutgoingHttpHeaders = {}): Promise<HttpAnswer> {
    return this.ask(path, { headers });
  }

  /** A command: `body` as JSON, or as it is where it is text or bytes. */
  send(
    type: string,
    commandId: string,
    body: object | string | Uint8Array,
    headers: OutgoingHttpHeaders = {},
  ): Promise<HttpAnswer> {
    return this.ask(`/v1/commands/${type}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': commandId, ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
