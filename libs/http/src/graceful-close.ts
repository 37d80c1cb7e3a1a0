import type { Clock } from '#runtime/clock.js';
import type { Fastify } from './fastify.js';
import type { HttpServer } from './http-server.js';
import { CUT_AFTER } from './limits.js';

/**
 * Lets the application close as soon as what it has is answered. Fastify alone would wait for every
 * connection that a client keeps alive, or has opened and never used, for as long as the client likes.
 */
export const closeGracefully = (fastify: Fastify, server: HttpServer, clock: Clock): void => {
  let closing = false;
  fastify.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  fastify.addHook('preClose', async () => {
    closing = true;
    server.stopListening();
    const answered = new AbortController();
    void clock.wait(CUT_AFTER, answered.signal).then(() => server.cutUnsent());
    await server.answered();
    answered.abort();
    server.closeConnections();
  });
};
