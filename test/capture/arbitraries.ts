// Commands on one authorization, at random: for property tests and simulations of any room.
import * as fc from 'fast-check';
import type { AuthorizationCommand, CommandEnvelope, Fact } from '#capture/commands.js';
import {
  anyCaptureFact,
  anyCaptureId,
  anyCreate,
  anyFact,
  anyInstant,
  anyRefund,
  anyRefundFact,
  anyRefundRequest,
  anyRegistration,
  anyRequest,
} from './arbitrary-payloads.js';
import type { Payload } from './arbitrary-payloads.js';
import { instantOf, weighted } from './worlds.js';
import type { World } from './worlds.js';

export type Addressee = Pick<CommandEnvelope, 'merchantAccountId' | 'authorizationId'>;
const somebody: Addressee = { merchantAccountId: 'default', authorizationId: 'auth-1' };

/**
 * The commands of one authorization's life, its registration and its first captures first, each under
 * a command id of its own. There are many, for a short life hardly ever gets as far as a refund that
 * comes to grief.
 */
export const anyCommands = (
  world: World,
  addressee: Addressee = somebody,
): fc.Arbitrary<readonly AuthorizationCommand[]> =>
  fc
    .tuple(
      anyRegistration(world),
      fc.tuple(...world.captureIds.map((captureId) => anyCaptureCourse(world, captureId))),
      fc.array(anyCourse(world), { minLength: 20, maxLength: 30 }),
    )
    .map(([registration, captures, courses]) =>
      [registration, ...captures.flat(), ...courses.flat()].map((payload, index) =>
        sent(payload, index, addressee),
      ),
    );

/** One more command, under a command id that none of `anyCommands` has. */
export const anyOtherCommand = (
  world: World,
  addressee: Addressee = somebody,
): fc.Arbitrary<AuthorizationCommand> =>
  weighted<Payload>([1, anyRegistration(world)], [12, anyRequest(world)], [12, anyFact(world)]).map(
    (payload) => sent(payload, 'other', addressee),
  );

/** One more fact, likewise. */
export const anyOtherFact = (world: World, addressee: Addressee = somebody): fc.Arbitrary<Fact> =>
  anyFact(world).map((payload) => ({ ...envelopeOf('other', addressee), ...payload }));

/** A capture, and what is said of it next. */
const anyCaptureCourse = (world: World, captureId: string): fc.Arbitrary<readonly Payload[]> =>
  fc
    .tuple(anyCreate(world), fc.array(anyCaptureFact(world), { maxLength: 2 }))
    .map(([create, facts]) => [create, ...facts].map((payload) => ({ ...payload, captureId })));

/** A refund, and what is said of it next. */
const anyRefundCourse = (world: World): fc.Arbitrary<readonly Payload[]> =>
  fc
    .tuple(
      anyRefund(world),
      anyRefundRequest(world),
      fc.array(anyRefundFact(world), { maxLength: 3 }),
    )
    .map(([refund, request, facts]) =>
      [request, ...facts].map((payload) => ({ ...payload, ...refund })),
    );

/** A capture that fails, another that may take its place, and the success that comes after all. */
const anyLateSuccess = (world: World): fc.Arbitrary<readonly Payload[]> =>
  fc
    .tuple(anyCaptureId(world), anyCreate(world), anyInstant)
    .map(([captureId, { captureId: _, ...another }, occurredAt]): readonly Payload[] => {
      const fact = { type: 'RecordCaptureOutcome', captureId, occurredAt } as const;
      return [{ ...fact, outcome: 'failed' }, another, { ...fact, outcome: 'succeeded' }];
    });

/** A refund that fails, another, the reversal of their capture, and the success that comes after all. */
const anyReversal = (world: World): fc.Arbitrary<readonly Payload[]> =>
  fc
    .tuple(anyCaptureId(world), anyRefundRequest(world), anyRefundRequest(world))
    .map(([captureId, request, other]): readonly Payload[] => {
      const refund = { captureId, refundId: `${captureId}-r1` };
      const fact = { type: 'RecordRefundOutcome', ...refund, occurredAt: instantOf(10) } as const;
      const occurredAt = instantOf(20);
      return [
        { ...request, ...refund },
        { ...fact, outcome: 'failed' },
        { ...other, captureId, refundId: `${captureId}-r2` },
        { type: 'RecordCaptureOutcome', captureId, outcome: 'reversed', occurredAt },
        { ...fact, outcome: 'succeeded' },
      ];
    });

/** A refund that fails, the next refund amount set, and the forward of the one that failed. */
const anyRefundForward = (world: World): fc.Arbitrary<readonly Payload[]> =>
  fc
    .tuple(anyRefund(world), anyRefundRequest(world), anyInstant, world.part)
    .map(([refund, request, occurredAt, amount]): readonly Payload[] => [
      { ...request, ...refund },
      { type: 'RecordRefundOutcome', ...refund, outcome: 'failed', occurredAt },
      { type: 'SetNextRefundAmount', captureId: refund.captureId, amount },
      { type: 'ForwardStuckRefund', ...refund },
    ]);

const anyCourse = (world: World): fc.Arbitrary<readonly Payload[]> =>
  weighted<readonly Payload[]>(
    [1, anyRegistration(world).map((again) => [again])],
    [24, anyRequest(world).map((request) => [request])],
    [16, anyFact(world).map((fact) => [fact])],
    [16, anyRefundCourse(world)],
    [6, anyLateSuccess(world)],
    [2, anyReversal(world)],
    [2, anyRefundForward(world)],
  );

const sent = (
  payload: Payload,
  index: number | 'other',
  addressee: Addressee,
): AuthorizationCommand => {
  const envelope = envelopeOf(index, addressee);
  const derived = `of-${envelope.commandId}`;
  if (payload.type === 'CreateCapture') {
    return { ...envelope, ...payload, captureId: payload.captureId ?? derived };
  }
  if (payload.type === 'RefundCapture') {
    return { ...envelope, ...payload, refundId: payload.refundId ?? derived };
  }
  if (payload.type === 'CancelCapture') return { ...envelope, ...payload, refundId: derived };
  return { ...envelope, ...payload };
};

const envelopeOf = (index: number | 'other', addressee: Addressee): CommandEnvelope => ({
  ...addressee,
  commandId: `cmd-${index}`,
  issuedAt: instantOf(index === 'other' ? 999 : index),
});
