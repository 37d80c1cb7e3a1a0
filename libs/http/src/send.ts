import type { HttpResponse } from './http-response.js';

/** What the controllers know of Fastify's reply. */
export interface HttpReply {
  code(status: number): this;
  headers(values: Readonly<Record<string, string>>): this;
  send(body?: string): unknown;
}

export const send = (reply: HttpReply, { status, headers, body }: HttpResponse): void => {
  reply.code(status).headers(headers).send(body);
};
