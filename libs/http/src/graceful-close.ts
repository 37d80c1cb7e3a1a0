import type { Clock } from '#runtime/clock.js';
import type { Fastify } from './fastify.js';
import { CUT_AFTER } from './limits.js';
import type { RequestsUnderWay } from './requests-under-way.js';

/**
 * Lets the server close as soon as what it has is answered. Without it a connection that its client
 * keeps alive, or has opened and never used, would hold up the close for as long as the client likes.
 */
export const closeGracefully = (
  fastify: Fastify,
  underWay: RequestsUnderWay,
  clock: Clock,
): void => {
  const { server } = fastify;
  const closed = new AbortController();
  let closing = false;
  server.once('close', () => closed.abort());
  fastify.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  fastify.addHook('preClose', async () => {
    closing = true;
    // Fastify stops listening right after this hook; whoever connects until then is still answered.
    setImmediate(() => underWay.whenNone(() => server.closeAllConnections()));
    void clock.wait(CUT_AFTER, closed.signal).then(() => server.closeAllConnections());
  });
};
