// A day of a shop as a log: authorizations of five events each, interleaved as they would come.
import type { AuthorizationEvent } from '#capture/events.js';
import { encodeEvents, type DecidedEvent } from '#event-store/event-codec.js';
import type { EventStore } from '#event-store/event-store.js';
import { startOfChain } from '#event-store/chain.js';

const FIRST = Date.parse('2026-11-21T00:00:00.000Z');

export const EVENTS_OF_A_SALE = 5;

/**
 * Appends the sales numbered `from` to `until` (not included), `atOnce` of them side by side and each
 * event in an append of its own. Resolves with the number of the next sale.
 */
export const appendSales = async (
  store: EventStore,
  { from, until, atOnce }: Readonly<{ from: number; until: number; atOnce: number }>,
): Promise<number> => {
  let next = from;
  const till = async (): Promise<void> => {
    for (let number = next++; number < until; number = next++) await oneSale(store, number);
  };
  await Promise.all(Array.from({ length: atOnce }, till));
  return until;
};

const oneSale = async (store: EventStore, number: number): Promise<void> => {
  const stream = `authorization-shop/auth_${number}`;
  let { hash } = startOfChain(stream);
  for (const [revision, event] of saleOf(number).entries()) {
    const encoded = encodeEvents(stream, hash, [decided(event, number, revision)]);
    await store.append(stream, encoded.events, revision - 1);
    hash = encoded.hash;
  }
};

const decided = (event: AuthorizationEvent, number: number, revision: number): DecidedEvent => ({
  event,
  metadata: {
    commandId: `cmd-${number}-${revision}`,
    commandType: commandOf[revision] ?? 'RefundCapture',
    commandIndex: 0,
    fingerprint: '1:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
    actor: 'checkout',
    issuedAt: new Date(FIRST + number * 400 + revision).toISOString(),
    schemaVersion: 1,
  },
});

const commandOf = [
  'RegisterAuthorization',
  'CreateCapture',
  'RecordCaptureOutcome',
  'RecordCaptureOutcome',
  'RefundCapture',
];

const saleOf = (number: number): readonly AuthorizationEvent[] => {
  const captureId = `cap_${number}`;
  const occurredAt = new Date(FIRST + number * 400).toISOString();
  const amount = 1_000 + (number % 9_000);
  return [
    {
      type: 'AuthorizationRegistered',
      data: {
        amount,
        currency: 'EUR',
        captureMethod: 'manual',
        connector: 'stripe',
        mode: 'live',
        paymentId: `pay_${number}`,
        externalIdentifier: `order-${number}`,
        network: 'visa',
      },
    },
    {
      type: 'CaptureCreated',
      data: {
        captureId,
        sequence: 1,
        amount,
        currency: 'EUR',
        final: true,
        reference: `invoice-${number}`,
        metadata: { channel: 'web', basket: number },
      },
    },
    {
      type: 'CapturePending',
      data: { captureId, uncertain: false, connectorCaptureId: `ch_${number}`, occurredAt },
    },
    {
      type: 'CaptureSucceeded',
      data: { captureId, connectorEventId: `evt_${number}`, isoResponseCode: '00', occurredAt },
    },
    {
      type: 'RefundRequested',
      data: {
        captureId,
        refundId: `ref_${number}`,
        amount: 500,
        currency: 'EUR',
        purpose: 'refund',
        reason: 'returned',
      },
    },
  ];
};
