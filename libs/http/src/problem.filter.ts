import { Catch, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { UnknownEvent } from '#event-store/event-codec.js';
import { StoreBroken } from '#event-store/event-store.js';
import type { Lifecycle } from '#runtime/lifecycle.js';
import type { Log } from '#runtime/log.js';
import { LIFECYCLE, LOG } from '#runtime/tokens.js';
import type { HttpRequest } from './http-request.js';
import { Problem, problemResponse } from './problem.js';
import { problemOf } from './problem-of.js';
import { send } from './send.js';
import type { HttpReply } from './send.js';

/** Whatever is thrown on a request's way, Fastify's own errors and unknown addresses included. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOG) private readonly log: Log,
    @Inject(LIFECYCLE) private readonly lifecycle: Lifecycle,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { id: traceId } = http.getRequest<HttpRequest>();
    const report = problemOf(error);
    // A problem was meant; any other error behind a 5xx is trouble of ours, told nowhere else.
    if (report.status >= 500 && !(error instanceof Problem)) {
      this.log.error({ traceId, code: report.code, err: error }, 'a request failed');
    }
    const members = { ...report.members, traceId };
    send(http.getResponse<HttpReply>(), problemResponse({ ...report, members }));
    // A process that only reads meets it here, and must not go on saying that it is a matter of time.
    if (error instanceof StoreBroken || error instanceof UnknownEvent) this.lifecycle.fatal(error);
  }
}
