import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { AuthorizationAtRevision } from '#projections/authorization-document.js';
import type { AuthorizationKey } from '#capture/stream-name.js';
import { authorizationOf } from '#projections/authorization-view.js';
import { captureSequenceOf } from '#projections/capture-sequence.js';
import { finalCaptureOf } from '#projections/final-capture.js';
import type { AuthorizationReader, Lists } from '#projections/queries.js';
import { AUTHORIZATION_READER, LISTS } from '#projections/tokens.js';
import type { ViewHead } from '#projections/views.js';
import { historyPage } from './history-page.js';
import { jsonResponse } from './http-response.js';
import type { HttpResponse } from './http-response.js';
import type { HttpRequest } from './http-request.js';
import { PAGE_DEFAULT } from './limits.js';
import { authorizationList } from './list-parameters.js';
import { queryOf } from './query.js';
import { authorizationRead, historyRead } from './read-parameters.js';
import { merchantAccountOf, pathIdOf } from './request-ids.js';
import { send } from './send.js';
import type { HttpReply } from './send.js';
import { unknownThing } from './unknown-thing.js';
import { haveComeTo } from './view-position.js';
import { viewResponse } from './view-response.js';

/** What became of authorizations: the list from the views, everything else folded from the stream itself. */
@Controller('v1/authorizations')
export class AuthorizationsController {
  constructor(
    @Inject(AUTHORIZATION_READER) private readonly reader: AuthorizationReader,
    @Inject(LISTS) private readonly lists: Lists,
  ) {}

  @Get()
  async list(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { minPosition, ...query } = queryOf(request, authorizationList);
    const merchantAccountId = merchantAccountOf(request);
    await haveComeTo(this.lists, minPosition);
    const page = { limit: PAGE_DEFAULT, ...query, merchantAccountId };
    send(reply, jsonResponse(200, await this.lists.authorizations(page)));
  }

  @Get(':authorizationId')
  async authorization(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    send(reply, await this.#view(request, authorizationOf));
  }

  @Get(':authorizationId/capture-sequence')
  async captureSequence(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    send(reply, await this.#view(request, captureSequenceOf));
  }

  @Get(':authorizationId/final-capture')
  async finalCapture(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    send(reply, await this.#view(request, finalCaptureOf));
  }

  @Get(':authorizationId/history')
  async history(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const key = keyOf(request);
    const query = queryOf(request, historyRead);
    send(reply, await historyPage(this.reader, request, { key, query }));
  }

  async #view(
    request: HttpRequest,
    cut: (at: AuthorizationAtRevision) => ViewHead,
  ): Promise<HttpResponse> {
    const key = keyOf(request);
    const { atRevision } = queryOf(request, authorizationRead);
    const at = await this.reader.read(key, atRevision);
    if (!at) throw unknownThing('authorization', key.authorizationId, atRevision);
    return viewResponse(request, cut(at));
  }
}

const keyOf = (request: HttpRequest): AuthorizationKey => ({
  merchantAccountId: merchantAccountOf(request),
  authorizationId: pathIdOf(request, 'authorizationId'),
});
