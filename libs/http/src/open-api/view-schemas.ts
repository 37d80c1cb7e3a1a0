import type { RefundStatus } from '#capture/authorization.js';
import type { RefundState } from '#capture/balances.js';
import type { OverCapture } from '#capture/values.js';
import type { JsonSchema } from '#commands/class-schema.js';
import type {
  AuthorizationTerms,
  AuthorizationView,
  CaptureInSequence,
  CaptureNumbers,
  CaptureSequence,
  FinalCapture,
  Ledger,
  RefundBalance,
  RefundNumbers,
  ViewHead,
} from '#projections/views.js';
import { everyWord } from '../every-word.js';
import { authorizationStatuses, captureStatuses } from '../list-parameters.js';
import { count, instant, listOf, objectOf, orNull, ref, text, word, yesOrNo } from './schema.js';

type Members<T> = { readonly [Name in keyof T]: JsonSchema };

const sum = (description: string): JsonSchema => ({ ...ref('Sum'), description });

const amount = (description: string): JsonSchema => ({
  type: 'integer',
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description,
});

const currency = text('ISO 4217. Amounts are whole numbers of its minor units.');

const head: Members<ViewHead> = {
  merchantAccountId: text('Whose it is.'),
  authorizationId: text('Of the authorization.'),
  currency,
  ledger: ref('Ledger'),
};

const captureNumbers: Members<CaptureNumbers> = {
  authorized: sum('As last adjusted.'),
  limit: sum('The most that commands may hold: `authorized`, or more with over-capture.'),
  held: sum('`captured` and `pending` together.'),
  captured: sum('By captures that succeeded.'),
  pending: sum('By captures that are requested or pending, uncertain ones included.'),
  capturable: sum('The most that a new capture may ask for.'),
  released: sum('Given back, or set aside while a final capture is in flight.'),
  overCaptured: sum('What facts alone have taken beyond the limit.'),
  takesCaptures: yesOrNo('Whether a new capture may be asked for at all.'),
  closed: yesOrNo('A final capture stands succeeded, or the succeeded ones reach the limit.'),
  finalCaptureId: orNull(text('The final capture that stands or may yet.')),
  status: word('All of it rolled up.', authorizationStatuses),
};

const sequenced: Members<CaptureInSequence> = {
  captureId: text('Of the capture: unique within its authorization.'),
  sequence: { ...count('1, 2, 3 … in order of creation, without gap or reuse.'), minimum: 1 },
  amount: amount('Asked for.'),
  currency,
  status: word('How it stands.', captureStatuses),
  uncertain: yesOrNo('Of a pending one: the money may have moved, and only evidence resolves it.'),
  final: yesOrNo('Whether no other capture may follow it.'),
};

export const terms: Members<AuthorizationTerms> = {
  captureMethod: word('How it is captured.', ['automatic', 'manual', 'manual_multiple']),
  connector: text('The payment processor behind it.'),
  mode: word('Whether money moves.', ['test', 'live']),
  paymentId: orNull(text('Of the payment that it is a part of.')),
  connectorTransactionId: orNull(text('What the connector calls it.')),
  externalIdentifier: orNull(text('What its merchant calls it.')),
  orderRef: orNull(text('Of the order.')),
  paymentSourceRef: orNull(text('Of the card or account.')),
  paymentMethodType: orNull(text('As its sender says.')),
  network: orNull(text('Of the card.')),
  connectedAccountId: orNull(text('At the connector.')),
  merchantId: orNull(text('At the connector.')),
  reconciliationRef: orNull(text('For the settlement.')),
};

const refundNumbers: Members<RefundNumbers> = {
  captured: sum('The amount of the capture while it is succeeded, else 0.'),
  refunded: sum('By refunds that succeeded.'),
  refundPending: sum('By refunds that are requested or pending.'),
  chargedBack: sum('By chargebacks that are open or lost.'),
  left: sum('What may still be refunded.'),
  nextRefundAmount: sum('What a refund without an amount takes.'),
  overRefunded: sum('What facts alone have given back beyond what was captured.'),
  state: word(
    'By refunds that succeeded.',
    everyWord<RefundState>({ none: true, partial: true, full: true }),
  ),
};

export const refundStatuses = everyWord<RefundStatus>({
  requested: true,
  pending: true,
  succeeded: true,
  declined: true,
  failed: true,
  voided: true,
});

/** The members that views share, for the views that are put together of them. */
export const members = { head, sequenced, refundNumbers };

/** What the views are, by the name of their schema; the capture's is in capture-schemas.ts. */
export const viewSchemas: Readonly<Record<string, JsonSchema>> = {
  Sum: {
    description: 'Whole minor units: a number up to 2^53 - 1, and the digits as text beyond.',
    oneOf: [
      { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: '^[1-9][0-9]{15,}$' },
    ],
  },
  Ledger: objectOf<Ledger>({
    stream: text('The history that it is folded from.'),
    revision: count('Of the last event that was folded.'),
    position: count('Of the same event, in the log.'),
    shard: count('Which log.'),
    epoch: count('Raised when the log is restored.'),
    viewVersion: count('Raised when a view of the same events changes.'),
  }),
  Authorization: objectOf<AuthorizationView>({
    ...head,
    ...captureNumbers,
    ...terms,
    standing: word('What was done to it as a whole.', ['open', 'voided', 'expired']),
    overCapture: {
      oneOf: [
        objectOf<OverCapture>(
          {
            amount: amount('More than is authorized.'),
            percentage: count('Per cent more than is authorized.'),
          },
          { optional: ['amount', 'percentage'] },
        ),
        { type: 'null' },
      ],
    },
    maxCaptures: count('How many live captures there may be at once.'),
    expiresAt: orNull(instant('Information only, until it is expired.')),
    captures: listOf(ref('CaptureInSequence')),
    createdAt: instant('When the command that made it was issued.'),
    updatedAt: instant('The latest time at which a command that changed it was issued.'),
  }),
  CaptureInSequence: objectOf<CaptureInSequence>(sequenced),
  CaptureSequence: objectOf<CaptureSequence>({
    ...head,
    captures: listOf(ref('CaptureInSequence')),
  }),
  FinalCapture: objectOf<FinalCapture>({ ...head, ...captureNumbers }),
  RefundBalance: objectOf<RefundBalance>({
    ...head,
    captureId: sequenced.captureId,
    ...refundNumbers,
  }),
};
