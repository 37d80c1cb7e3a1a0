import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { LedgerMetrics } from '#runtime/metrics.js';
import { METRICS } from '#runtime/tokens.js';
import { send } from './send.js';
import type { HttpReply } from './send.js';

/** What the process counts, in the text format of Prometheus. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS) private readonly metrics: LedgerMetrics) {}

  @Get()
  async read(@Res() reply: HttpReply): Promise<void> {
    const headers = { 'content-type': this.metrics.contentType, 'cache-control': 'no-store' };
    send(reply, { status: 200, headers, body: await this.metrics.text() });
  }
}
