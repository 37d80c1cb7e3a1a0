import type { IncomingHttpHeaders, IncomingMessage, RequestListener } from 'node:http';
import helmet from '@fastify/helmet';
import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CLOCK, LOG } from '#runtime/tokens.js';
import { logAccess } from './access-log.js';
import { closeGracefully } from './graceful-close.js';
import { BODY_BYTES_MAX, HEADER_BYTES_MAX } from './limits.js';
import { otherMethods } from './other-methods.js';
import { takeRawJson } from './raw-bodies.js';
import { Problem } from './problem.js';
import { protocolProblem } from './protocol-problem.js';
import { HttpServer } from './http-server.js';
import { send } from './send.js';
import type { HttpReply } from './send.js';
import type { Fastify } from './fastify.js';
import { TRACE_ID_HEADER, traceIdOf } from './trace-id.js';
import { unreadableResponse } from './unreadable-request.js';

/** What `NestFactory.create` takes: a module class, or a module made by `forRoot`. */
type RootModule = Parameters<typeof NestFactory.create>[0];

/**
 * The application of `root`, which imports `LedgerHttpModule`, initialised and not yet listening. Whatever
 * comes in over a connection is answered; what is wrong is answered with a problem of RFC 9457.
 *
 * `close()` takes no more connections, answers what it has and resolves when that is done.
 */
export const createHttpApplication = async (
  root: RootModule,
  options: Pick<NestApplicationOptions, 'logger' | 'bufferLogs'> = {},
): Promise<NestFastifyApplication> => {
  const server = new HttpServer();
  const adapter = adapterOn(server);
  const fastify = adapter.getInstance<Fastify>();
  const answerOtherMethods = otherMethods(fastify);
  fastify.addHook('onRequest', async ({ id }, reply) => {
    reply.header(TRACE_ID_HEADER, id);
  });
  takeRawJson(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    ...options,
    abortOnError: false,
    bodyParser: false,
  });
  closeGracefully(fastify, server, app.get(CLOCK));
  logAccess(fastify, app.get(LOG));
  await app.register(helmet, securityHeaders);
  fastify.addHook('onRequest', async ({ raw }) => {
    if (lacksHost(raw)) throw new Problem(protocolProblem(400));
    if (!isForLoopback(raw)) throw new Problem(protocolProblem(421));
  });
  await app.init();
  answerOtherMethods();
  return app;
};

const adapterOn = (server: HttpServer): FastifyAdapter =>
  new FastifyAdapter({
    serverFactory: (handler: RequestListener) => server.heardBy(handler),
    // The server has one of its own.
    clientErrorHandler: () => undefined,
    bodyLimit: BODY_BYTES_MAX,
    // What comes over a connection that is about to close is answered like anything else.
    return503OnClosing: false,
    genReqId: ({ headers }: Readonly<{ headers: IncomingHttpHeaders }>) => traceIdOf(headers),
    routerOptions: {
      // Ids have a limit of their own, which says what is wrong.
      maxParamLength: HEADER_BYTES_MAX,
      // query.ts reads queries.
      querystringParser: () => ({}),
    },
    // No hook runs for these, so that the response has all that hooks would add.
    frameworkErrors: ({ statusCode = 400 }: HttpError, { id }: Traced, reply: unknown) =>
      send(reply as HttpReply, unreadableResponse(statusCode, id)),
  });

/** HTTP/1.1 has every request name its host; older ones had none. */
const lacksHost = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.host === undefined && httpVersion === '1.1';

/**
 * A page of somebody else's may let its own name point to this machine (DNS rebinding): it is then of one
 * origin with us, and may send what it likes. Until there are keys, that name gives it away.
 */
const isForLoopback = ({ headers }: IncomingMessage): boolean =>
  headers.host === undefined || LOOPBACK_HOST.test(headers.host);

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

type HttpError = Readonly<{ statusCode?: number }>;
type Traced = Readonly<{ id: string }>;

/** There are no pages here: nothing that is sent may do anything in a browser. TLS ends before us. */
const securityHeaders = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  strictTransportSecurity: false,
};
