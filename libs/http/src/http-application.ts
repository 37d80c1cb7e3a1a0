import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import helmet from '@fastify/helmet';
import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CLOCK, LOG } from '#runtime/tokens.js';
import { logAccess } from './access-log.js';
import { closeGracefully } from './graceful-close.js';
import { BODY_BYTES_MAX, HEADER_BYTES_MAX, REQUEST_WITHIN } from './limits.js';
import { otherMethods } from './other-methods.js';
import { takeRawJson } from './raw-bodies.js';
import { Problem } from './problem.js';
import { protocolProblem } from './protocol-problem.js';
import { RequestsUnderWay } from './requests-under-way.js';
import { send } from './send.js';
import type { HttpReply } from './send.js';
import type { Fastify } from './fastify.js';
import { TRACE_ID_HEADER, traceIdOf } from './trace-id.js';
import { answerExpectation, answerUnreadable, unreadableResponse } from './unreadable-request.js';

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
  const underWay = new RequestsUnderWay();
  const adapter = adapterWith(underWay);
  const fastify = adapter.getInstance<Fastify>();
  const answerOtherMethods = otherMethods(fastify);
  fastify.addHook('onRequest', async ({ id }, reply) => {
    reply.header(TRACE_ID_HEADER, id);
  });
  fastify.server.on('checkExpectation', answerExpectation);
  takeRawJson(fastify);
  underWay.watch(fastify.server);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    ...options,
    abortOnError: false,
    bodyParser: false,
  });
  closeGracefully(fastify, underWay, app.get(CLOCK));
  logAccess(fastify, app.get(LOG));
  await app.register(helmet, securityHeaders);
  fastify.addHook('onRequest', async ({ raw }) => {
    if (lacksHost(raw)) throw new Problem(protocolProblem(400));
  });
  await app.init();
  answerOtherMethods();
  return app;
};

const adapterWith = (underWay: RequestsUnderWay): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    // Node would answer a request without Host by itself, and not with a problem.
    http: { maxHeaderSize: HEADER_BYTES_MAX, requireHostHeader: false },
    requestTimeout: REQUEST_WITHIN,
    // What comes over a connection that is about to close is answered like anything else.
    return503OnClosing: false,
    genReqId: ({ headers }: Readonly<{ headers: IncomingHttpHeaders }>) => traceIdOf(headers),
    routerOptions: {
      // Ids have a limit of their own, which says what is wrong.
      maxParamLength: HEADER_BYTES_MAX,
      // query.ts reads queries.
      querystringParser: () => ({}),
    },
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Duplex) =>
      answerUnreadable(error, socket, underWay),
    // No hook runs for these, so that the response has all that hooks would add.
    frameworkErrors: ({ statusCode = 400 }: HttpError, { id }: Traced, reply: unknown) =>
      send(reply as HttpReply, unreadableResponse(statusCode, id)),
  });

/** HTTP/1.1 has every request name its host; older ones had none. */
const lacksHost = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.host === undefined && httpVersion === '1.1';

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
