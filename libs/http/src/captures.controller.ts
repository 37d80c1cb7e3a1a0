import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { AuthorizationAtRevision } from '#projections/authorization-document.js';
import { captureOf } from '#projections/capture-view.js';
import type { AuthorizationReader, CaptureQuery, Lists } from '#projections/queries.js';
import { refundBalanceOf } from '#projections/refund-balance.js';
import { AUTHORIZATION_READER, LISTS } from '#projections/tokens.js';
import type { ViewHead } from '#projections/views.js';
import type { Clock } from '#runtime/clock.js';
import { CLOCK } from '#runtime/tokens.js';
import { jsonResponse } from './http-response.js';
import type { HttpResponse } from './http-response.js';
import type { HttpRequest } from './http-request.js';
import { PAGE_DEFAULT } from './limits.js';
import { captureList } from './list-parameters.js';
import { Problem } from './problem.js';
import { queryOf } from './query.js';
import { captureRead } from './read-parameters.js';
import { merchantAccountOf, pathIdOf } from './request-ids.js';
import { send } from './send.js';
import type { HttpReply } from './send.js';
import { unknownThing } from './unknown-thing.js';
import { haveComeTo } from './view-position.js';
import { viewResponse } from './view-response.js';

/** What became of captures: the list from the views, everything else folded from the stream itself. */
@Controller('v1/captures')
export class CapturesController {
  constructor(
    @Inject(AUTHORIZATION_READER) private readonly reader: AuthorizationReader,
    @Inject(LISTS) private readonly lists: Lists,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async list(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { minPosition, waitingLongerThan, ...query } = queryOf(request, captureList);
    const merchantAccountId = merchantAccountOf(request);
    await haveComeTo(this.lists, minPosition);
    const page: CaptureQuery = {
      limit: PAGE_DEFAULT,
      ...query,
      ...(waitingLongerThan !== undefined && {
        waitingSinceBefore: new Date(this.clock.now() - waitingLongerThan).toISOString(),
      }),
      merchantAccountId,
    };
    send(reply, jsonResponse(200, await this.lists.captures(page)));
  }

  @Get(':captureId')
  async capture(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    send(reply, await this.#view(request, captureOf));
  }

  @Get(':captureId/refund-balance')
  async refundBalance(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    send(reply, await this.#view(request, refundBalanceOf));
  }

  async #view(
    request: HttpRequest,
    cut: (at: AuthorizationAtRevision, captureId: string) => ViewHead | undefined,
  ): Promise<HttpResponse> {
    const captureId = pathIdOf(request, 'captureId');
    const merchantAccountId = merchantAccountOf(request);
    const { authorizationId: meant, atRevision } = queryOf(request, captureRead);
    const authorizationId = meant ?? (await this.#authorizationOf(merchantAccountId, captureId));
    const at = await this.reader.read({ merchantAccountId, authorizationId }, atRevision);
    const view = at && cut(at, captureId);
    if (!view) throw unknownThing('capture', captureId, atRevision);
    return viewResponse(request, view);
  }

  /** The one authorization that has a capture of this id: senders choose ids, and may use one twice. */
  async #authorizationOf(merchantAccountId: string, captureId: string): Promise<string> {
    const naming = await this.reader.authorizationsNaming(merchantAccountId, 'capture', captureId);
    const [authorizationId, ...others] = naming;
    if (authorizationId === undefined) throw unknownThing('capture', captureId);
    if (others.length > 0) throw ambiguousCapture(captureId, naming);
    return authorizationId;
  }
}

/** Of the authorizations that share a capture id, as many are named. */
const NAMED_MAX = 100;

const ambiguousCapture = (captureId: string, naming: readonly string[]): Problem =>
  new Problem({
    status: 409,
    code: 'capture_id_ambiguous',
    detail: `${naming.length} authorizations have a capture ${captureId}: say which one with ?authorizationId=.`,
    members: { authorizationIds: naming.slice(0, NAMED_MAX) },
  });
