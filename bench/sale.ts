// A sale as five commands: registered, captured, pending, succeeded, partly refunded.

export type SaleCommand = Readonly<{
  type: string;
  commandId: string;
  authorizationId: string;
  /** All other members, as JSON. */
  body: string;
}>;

/** The same ones for the same name. */
export const commandsOfASale = (sale: string): readonly SaleCommand[] => {
  const captureId = `cap_${sale}`;
  const occurredAt = '2026-11-21T09:00:00.000Z';
  const outcome = { type: 'RecordCaptureOutcome', captureId, occurredAt };
  return [
    {
      type: 'RegisterAuthorization',
      amount: 12_000,
      currency: 'EUR',
      captureMethod: 'manual',
      connector: 'stripe',
    },
    {
      type: 'CreateCapture',
      captureId,
      amount: 7_000,
      reference: `invoice-${sale}`,
      metadata: { channel: 'web' },
    },
    { ...outcome, outcome: 'pending', connectorCaptureId: `ch_${sale}` },
    { ...outcome, outcome: 'succeeded', connectorEventId: `evt_${sale}`, isoResponseCode: '00' },
    { type: 'RefundCapture', captureId, amount: 500, reason: 'returned' },
  ].map(({ type, ...members }, index) => ({
    type,
    commandId: `cmd-${sale}-${index}`,
    authorizationId: `auth_${sale}`,
    body: JSON.stringify(members),
  }));
};
