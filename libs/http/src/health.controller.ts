import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Health, HealthStatus } from '#runtime/health.js';
import { HEALTH } from '#runtime/tokens.js';
import { jsonResponse } from './http-response.js';
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
}

const statusFor = (status: HealthStatus): number => (status === 'down' ? 503 : 200);
