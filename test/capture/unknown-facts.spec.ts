import type { CommandEnvelope, RecordCaptureOutcome } from '#capture/commands.js';
import type { ConnectorError } from '#capture/values.js';
import { anomaly, tell, tellCancel, tellRefund } from './commands.js';
import {
  at,
  authorization,
  captured,
  finalCapture,
  given,
  multiple,
  refundRequested,
  succeeded,
} from './fixtures.js';

const history = [authorization(), finalCapture('c1', 60_00)];

const otherError: Required<ConnectorError> = {
  code: 'declined',
  connectorCode: '05',
  message: 'no',
  reason: 'issuer',
};
type Said = 'type' | 'captureId' | 'outcome' | 'occurredAt';
/** All that need not be said of a capture; a member that joins the fact has to join here. */
const otherWords: Required<Omit<RecordCaptureOutcome, keyof CommandEnvelope | Said>> = {
  connectorEventId: 'evt-1',
  connectorCaptureId: 'cap-1',
  connectorReferenceId: 'ref-1',
  token: 'tok-1',
  requestId: 'req-1',
  isoResponseCode: '05',
  rawResponseCode: 'do_not_honor',
  rawResponseDescription: 'Do not honor',
  error: otherError,
  amount: 60_00,
};

describe('a fact about what is unknown', () => {
  it('is an anomaly, once for its contents', () => {
    const fact = tell('succeeded', { error: { code: 'none', message: 'fine' } });
    given().when(fact).then(anomaly('unknown_capture', fact));
    given(authorization()).when(fact).then(anomaly('unknown_capture', fact));
    given(anomaly('unknown_capture', fact)).when(fact).thenNothing();
    given(anomaly('unknown_capture', fact))
      .when({ ...fact, commandId: 'cmd-2', issuedAt: at(40), actor: 'connector' })
      .thenNothing();
  });

  it('is the same fact in whatever order the store gives its members back', () => {
    const fact = tell('succeeded', { error: { code: 'none', message: 'fine' } });
    const stored = anomaly('unknown_capture', {
      ...(Object.fromEntries(Object.entries(fact).toReversed()) as RecordCaptureOutcome),
      error: { message: 'fine', code: 'none' },
    });
    given(stored).when(fact).thenNothing();
  });

  it.each([
    ['outcome', tell('declined')],
    ['instant', tell('succeeded', { occurredAt: at(31) })],
    ['amount', tell('succeeded', { amount: 60_00 })],
    ['event id', tell('succeeded', { connectorEventId: 'evt-1' })],
    ['error', tell('succeeded', { error: { code: 'late' } })],
    ['capture', tell('succeeded', { captureId: 'c2' })],
    ['kind', tellCancel('succeeded')],
  ])('is another anomaly with another %s', (_, fact) =>
    given(anomaly('unknown_capture', tell('succeeded')))
      .when(fact)
      .then(anomaly('unknown_capture', fact)),
  );

  it.each(Object.keys(otherWords))('is another anomaly when all is said but the %s', (member) => {
    const said = tell('declined', otherWords);
    const { [member as keyof typeof otherWords]: _, ...less } = said;
    given(anomaly('unknown_capture', said)).when(said).thenNothing();
    given(anomaly('unknown_capture', said)).when(less).then(anomaly('unknown_capture', less));
  });

  it.each(Object.keys(otherError))('is another anomaly with an error without its %s', (member) => {
    const said = tell('declined', { error: otherError });
    const { [member as keyof ConnectorError]: _, ...error } = otherError;
    const less = { ...said, error };
    given(anomaly('unknown_capture', said)).when(less).then(anomaly('unknown_capture', less));
  });

  it('counts once the capture exists', () =>
    given(anomaly('unknown_capture', tell('succeeded')), ...history)
      .when(tell('succeeded'))
      .then(succeeded('c1', 30)));

  it('tells an unknown capture from an unknown refund', () => {
    const fact = tellRefund('succeeded');
    given().when(fact).then(anomaly('unknown_capture', fact));
    given(...history)
      .when(fact)
      .then(anomaly('unknown_refund', fact));
    given(...history, anomaly('unknown_refund', fact))
      .when(fact)
      .thenNothing();
    given(...history, anomaly('unknown_refund', fact))
      .when(tellRefund('failed'))
      .then(anomaly('unknown_refund', tellRefund('failed')));
  });

  it.each([
    ['refund', tellRefund('succeeded', { refundId: 'r2' })],
    ['outcome', tellRefund('failed')],
    ['name at the connector', tellRefund('succeeded', { connectorRefundId: 're-1' })],
    ['event id', tellRefund('succeeded', { connectorEventId: 'evt-1' })],
  ])('is another anomaly of a refund with another %s', (_, fact) =>
    given(...history, anomaly('unknown_refund', tellRefund('succeeded')))
      .when(fact)
      .then(anomaly('unknown_refund', fact)),
  );

  it('does not know a refund under another capture', () => {
    const fact = tellRefund('succeeded', { captureId: 'c2' });
    given(
      multiple(),
      captured('c1', 30_00),
      captured('c2', 30_00, { sequence: 2 }),
      refundRequested('c1', 'r1', 10_00),
    )
      .when(fact)
      .then(anomaly('unknown_refund', fact));
  });
});
