import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { commandDefinitions } from '#commands/command-classes.js';
import { CommandGateway } from '#commands/command-gateway.js';
import type { Clock } from '#runtime/clock.js';
import { CLOCK } from '#runtime/tokens.js';
import { commandResponse } from './command-response.js';
import { ifMatchOf } from './etag.js';
import type { HttpRequest } from './http-request.js';
import { Problem } from './problem.js';
import { queryOf } from './query.js';
import { idempotencyKeyOf, merchantAccountSent } from './request-ids.js';
import { send } from './send.js';
import type { HttpReply } from './send.js';
import { traceIdSent } from './trace-id.js';

/** Commands in, answers out. The body goes on as it came: one way reads commands, whoever brings them. */
@Controller('v1/commands')
export class CommandsController {
  constructor(
    private readonly gateway: CommandGateway,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':type')
  async receive(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { id: traceId, headers, params, body } = request;
    const type = params['type'] ?? '';
    if (!commandDefinitions.has(type)) throw unknownCommandType();
    queryOf(request, {});
    const merchantAccountId = merchantAccountSent(request);
    const ifMatch = ifMatchOf(headers);
    const correlationId = traceIdSent(headers);
    const decided = await this.gateway.receive({
      body: body instanceof Uint8Array ? body : new Uint8Array(),
      type,
      commandId: idempotencyKeyOf(request),
      ...(merchantAccountId !== undefined && { merchantAccountId }),
      issuedAt: new Date(this.clock.now()).toISOString(),
      ...(correlationId !== undefined && { correlationId }),
      ...(ifMatch !== undefined && { ifMatch }),
    });
    send(reply, commandResponse(decided, traceId));
  }
}

const unknownCommandType = (): Problem =>
  new Problem({
    status: 404,
    code: 'command_type_unknown',
    detail: `There is no command of this type; there are ${[...commandDefinitions.keys()].join(', ')}.`,
  });
