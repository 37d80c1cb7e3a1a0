import { Catch, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Log } from '#runtime/log.js';
import { LOG } from '#runtime/tokens.js';
import type { HttpRequest } from './http-request.js';
import { Problem, problemResponse } from './problem.js';
import { problemOf } from './problem-of.js';
import { send } from './send.js';
import type { HttpReply } from './send.js';

/** Whatever is thrown on a request's way, Fastify's own errors and unknown addresses included. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

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
  }
}
