// What commands say, at random. A member that a sender may leave out is left out half of the time.
import * as fc from 'fast-check';
import type {
  AuthorizationCommand,
  CancelCapture,
  CreateCapture,
  Fact,
  PayloadOf,
  RecordCaptureOutcome,
  RecordRefundOutcome,
  RefundCapture,
  RegisterAuthorization,
} from '#capture/commands.js';
import { instantOf, weighted } from './worlds.js';
import type { World } from './worlds.js';

/** What a command says, but not the ids that are derived from its command id where it names none. */
export type Payload =
  | Exclude<PayloadOf<AuthorizationCommand>, { type: DerivesIds }>
  | CreatePayload
  | RefundPayload
  | Omit<PayloadOf<CancelCapture>, 'refundId'>;
type DerivesIds = 'CreateCapture' | 'RefundCapture' | 'CancelCapture';
type CreatePayload = Omit<PayloadOf<CreateCapture>, 'captureId'> & { captureId?: string };
type RefundPayload = Omit<PayloadOf<RefundCapture>, 'refundId'> & { refundId?: string };

/** Few instants, so that facts come out of order, and at the same instant. */
export const anyInstant = fc.integer({ min: 0, max: 20 }).map(instantOf);
const anyCurrency = weighted([40, fc.constant('EUR')], [1, fc.constant('USD')]);

const typed = <Type extends AuthorizationCommand['type']>(type: Type) => fc.constant(type);

/** The first ones more often: the others may never have been created. */
export const anyCaptureId = ({ captureIds }: World): fc.Arbitrary<string> =>
  weighted(
    ...captureIds.map(
      (captureId, index) => [2 ** (captureIds.length - index), fc.constant(captureId)] as const,
    ),
  );

/** A refund, mostly under the capture that it is of. */
export const anyRefund = (world: World) =>
  fc
    .tuple(
      anyCaptureId(world),
      fc.integer({ min: 1, max: world.refundsPerCapture }),
      weighted([20, fc.constant(undefined)], [1, anyCaptureId(world)]),
    )
    .map(([captureId, number, other]) => ({
      captureId,
      refundId: `${other ?? captureId}-r${number}`,
    }));

export const anyRegistration = (world: World): fc.Arbitrary<PayloadOf<RegisterAuthorization>> => {
  const terms = {
    type: typed('RegisterAuthorization'),
    amount: world.whole,
    currency: anyCurrency,
    connector: fc.constantFrom('stripe'),
  };
  const overCapture = fc.record(
    { amount: fc.integer({ min: 1, max: 50 }), percentage: fc.integer({ min: 1, max: 60 }) },
    { requiredKeys: [], noNullPrototype: true },
  );
  const manual = { ...terms, captureMethod: fc.constant('manual' as const) };
  const multiple = { ...terms, captureMethod: fc.constant('manual_multiple' as const) };
  const automatic = {
    ...terms,
    captureMethod: fc.constant('automatic' as const),
    captureId: anyCaptureId(world),
  };
  return weighted<PayloadOf<RegisterAuthorization>>(
    [5, fc.record(multiple)],
    [3, fc.record({ ...multiple, maxCaptures: fc.integer({ min: 1, max: 4 }) })],
    [1, fc.record(manual)],
    [2, fc.record({ ...manual, overCapture })],
    [1, fc.record(automatic)],
  );
};

export const anyCreate = (world: World): fc.Arbitrary<CreatePayload> => {
  const create = {
    type: typed('CreateCapture'),
    captureId: anyCaptureId(world),
    amount: world.part,
    currency: anyCurrency,
    final: weighted([8, fc.constant(false)], [1, fc.constant(true)]),
  };
  const { type, captureId, amount } = create;
  return weighted<CreatePayload>(
    [8, fc.record({ type, captureId, amount })],
    [2, fc.record(create, { requiredKeys: ['type', 'captureId'] })],
    [1, fc.record(create, { requiredKeys: ['type'] })],
  );
};

export const anyRefundRequest = (world: World): fc.Arbitrary<RefundPayload> => {
  const anyRequest = fc.record(
    { type: typed('RefundCapture'), amount: world.part },
    { requiredKeys: ['type'] },
  );
  return fc
    .tuple(anyRequest, anyRefund(world), weighted([6, fc.constant(0)], [1, fc.constantFrom(1, 2)]))
    .map(([request, { captureId, refundId }, omitted]) => ({
      ...request,
      ...(omitted === 1 ? {} : { captureId }),
      ...(omitted === 2 ? {} : { refundId }),
    }));
};

/** What is asked of an authorization, its captures and refunds. */
export const anyRequest = (world: World): fc.Arbitrary<Payload> => {
  const captureId = anyCaptureId(world);
  const mode = fc.constantFrom('void' as const, 'refund' as const, 'auto' as const);
  const ofRefund = (type: 'VoidRefund' | 'ForwardStuckRefund') =>
    anyRefund(world).map((refund): Payload => ({ type, ...refund }));
  const amount = fc.oneof(world.whole, world.part);
  return weighted<Payload>(
    [20, anyCreate(world)],
    [20, anyRefundRequest(world)],
    [10, fc.record({ type: typed('CancelCapture'), captureId, mode })],
    [12, fc.record({ type: typed('ForwardStuckCapture'), captureId })],
    [10, fc.record({ type: typed('SetNextRefundAmount'), captureId, amount: world.part })],
    [8, ofRefund('VoidRefund')],
    [12, ofRefund('ForwardStuckRefund')],
    [4, fc.record({ type: typed('AdjustAuthorization'), amount })],
    [1, fc.record({ type: typed('AdjustAuthorization'), amount, expiresAt: anyInstant })],
    [2, fc.record({ type: typed('VoidAuthorization') })],
    [1, fc.record({ type: typed('ExpireAuthorization'), at: anyInstant })],
  );
};

export const anyCaptureFact = (world: World): fc.Arbitrary<PayloadOf<RecordCaptureOutcome>> => {
  const fact = {
    type: typed('RecordCaptureOutcome'),
    captureId: anyCaptureId(world),
    outcome: weighted<RecordCaptureOutcome['outcome']>(
      [7, fc.constant('succeeded')],
      [6, fc.constantFrom('pending', 'declined', 'failed', 'uncertain', 'reversed')],
    ),
    occurredAt: anyInstant,
  };
  const connectorEventId = fc.constantFrom(...world.connectorEventIds);
  return weighted<PayloadOf<RecordCaptureOutcome>>(
    [12, fc.record(fact)],
    [2, fc.record({ ...fact, connectorEventId })],
    [1, fc.record({ ...fact, connectorEventId, amount: world.part })],
  );
};

export const anyRefundFact = (world: World): fc.Arbitrary<PayloadOf<RecordRefundOutcome>> => {
  const fact = {
    type: typed('RecordRefundOutcome'),
    outcome: fc.constantFrom(
      ...(['pending', 'succeeded', 'declined', 'failed', 'voided', 'reversed'] as const),
    ),
    occurredAt: anyInstant,
  };
  const connectorEventId = fc.constantFrom(...world.connectorEventIds);
  const told = weighted<Omit<PayloadOf<RecordRefundOutcome>, 'captureId' | 'refundId'>>(
    [6, fc.record(fact)],
    [1, fc.record({ ...fact, connectorEventId })],
  );
  return fc.tuple(told, anyRefund(world)).map(([said, refund]) => ({ ...said, ...refund }));
};

/** What somebody else reports: of what is there, and of what is not. */
export const anyFact = (world: World): fc.Arbitrary<PayloadOf<Fact>> =>
  weighted<PayloadOf<Fact>>(
    [6, anyCaptureFact(world)],
    [4, anyRefundFact(world)],
    [
      2,
      fc.record({
        type: typed('RecordCancelOutcome'),
        captureId: anyCaptureId(world),
        outcome: fc.constantFrom('succeeded' as const, 'failed' as const),
        occurredAt: anyInstant,
      }),
    ],
  );
