import type { Log } from '#runtime/log.js';
import type { Fastify } from './fastify.js';

/**
 * A line for every request, at debug: which route, never which address, whose ids and query are the
 * sender's. What went wrong here is told at warn.
 */
export const logAccess = (fastify: Fastify, log: Log): void => {
  fastify.addHook('onResponse', async (request, reply) => {
    const { statusCode: status } = reply;
    const line = {
      traceId: request.id,
      method: request.method,
      route: request.is404 ? undefined : request.routeOptions.url,
      status,
      milliseconds: Math.round(reply.elapsedTime),
    };
    if (status >= 500) log.warn(line, 'request not served');
    else log.debug(line, 'request served');
  });
};
