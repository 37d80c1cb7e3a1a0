import type { Fastify } from './fastify.js';
import { Problem } from './problem.js';

/**
 * Has every address answer methods that it does not have with 405, and say which it has. To be called
 * before any route is added; what it returns, when all are.
 */
export const otherMethods = (fastify: Fastify): (() => void) => {
  const methodsOf = new Map<string, Set<string>>();
  let complete = false;
  fastify.addHook('onRoute', ({ url, method }) => {
    if (complete) return;
    const methods = methodsOf.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsOf.set(url, methods);
  });
  return () => {
    complete = true;
    for (const [url, methods] of methodsOf) {
      const others = fastify.supportedMethods.filter((method) => !methods.has(method));
      const problem = methodNotAllowed([...methods].toSorted());
      fastify.route({
        method: others,
        url,
        // Before a body is read: what it is does not matter.
        onRequest: async () => {
          throw problem;
        },
        handler: () => undefined,
      });
    }
  };
};

const methodNotAllowed = (methods: readonly string[]): Problem =>
  new Problem({
    status: 405,
    code: 'method_not_allowed',
    detail: `This address has ${methods.join(' and ')}.`,
    members: { allowed: methods },
    headers: { allow: methods.join(', ') },
  });
