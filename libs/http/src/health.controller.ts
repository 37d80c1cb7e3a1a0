import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Health, HealthStatus } from '#runtime/health.js';
import { HEALTH } from '#runtime/tokens.js';
import type { HttpRequest } from './http-request.js';
import { jsonResponse } from './http-response.js';
import { Problem } from './problem.js';
import { send } from './send.js';
import type { HttpReply } from './send.js';

/** Whether to keep this process, and whether to send work here: for whoever runs it. */
@Controller('health')
export class HealthController {
  constructor(@Inject(HEALTH) private readonly health: Health) {}

  @Get('live')
  live(@Res() reply: HttpReply): void {
    const live = this.health.live();
    send(reply, jsonResponse(statusFor(live.status), live));
  }

  @Get('ready')
  async ready(@Res() reply: HttpReply): Promise<void> {
    const ready = await this.health.ready();
    send(reply, jsonResponse(statusFor(ready.status), ready));
  }

  /** A part that the rest can do without is 503 here, and only degrades the whole. */
  @Get('ready/:part')
  async readyPart(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const part = await this.health.readyPart(request.params['part'] ?? '');
    if (!part) throw unknownPart();
    send(reply, jsonResponse(statusFor(part.status), part));
  }
}

const unknownPart = (): Problem =>
  new Problem({
    status: 404,
    code: 'part_unknown',
    detail: 'There is no part of this name; /health/ready names them.',
  });

const statusFor = (status: HealthStatus): number => (status === 'down' ? 503 : 200);
