import { Controller, Get, Res } from '@nestjs/common';
import { jsonResponse } from './http-response.js';
import { openApiDocument } from './open-api/document.js';
import { send } from './send.js';
import type { HttpReply } from './send.js';

/** What this API is, for tools and people. */
@Controller('openapi.json')
export class OpenApiController {
  readonly #document = jsonResponse(200, openApiDocument());

  @Get()
  read(@Res() reply: HttpReply): void {
    send(reply, this.#document);
  }
}
