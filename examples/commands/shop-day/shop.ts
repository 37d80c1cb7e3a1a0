// What a shop and its connector do in every story: each function is one command or fact.
import type { CaptureOutcome, RefundOutcome } from '#capture/commands.js';
import type { CaptureMethod, ConnectorError } from '#capture/values.js';
import type { Story } from './story.ts';

type Registration = Readonly<{
  overCapture?: { percentage: number };
  maxCaptures?: number;
}>;

export const register = (
  story: Story,
  captureMethod: CaptureMethod,
  more: Registration = {},
): void => {
  const { amount, currency, authorizationId } = story;
  const connector = story.random.pick(['adyen', 'stripe', 'worldline']);
  const captureId = captureMethod === 'automatic' ? { captureId: story.id('c1') } : {};
  const orderRef = `order-${authorizationId}`;
  const terms = { amount, currency, captureMethod, connector, orderRef };
  story.command('RegisterAuthorization', { ...terms, ...captureId, ...more });
  story.pass(1, 5);
};

/** Asks for the capture of the order, or of a part of it. */
export const capture = (
  story: Story,
  name = 'c1',
  said: Readonly<{ amount?: number; final?: boolean; currency?: string }> = {},
): void => {
  story.command('CreateCapture', { captureId: story.id(name), ...said });
  story.pass(1, 20);
};

const declines: readonly [ConnectorError, ...ConnectorError[]] = [
  { code: 'insufficient_funds', connectorCode: '51', message: 'Not sufficient funds' },
  { code: 'expired_card', connectorCode: '54', message: 'Expired card' },
  { code: 'do_not_honor', connectorCode: '05', message: 'Do not honor' },
];

/** The connector's word on a capture. */
export const told = (
  story: Story,
  outcome: CaptureOutcome,
  name = 'c1',
  more: Readonly<{ amount?: number; connectorEventId?: string }> = {},
): void => {
  const error = outcome === 'declined' ? { error: story.random.pick(declines) } : {};
  story.fact('RecordCaptureOutcome', {
    captureId: story.id(name),
    outcome,
    connectorEventId: story.id(`evt-${story.sent.length}`),
    ...error,
    ...more,
  });
  story.pass(1, 20);
};

/** An order that is paid for and captured as a whole. */
export const sell = (story: Story): void => {
  register(story, 'manual');
  capture(story);
  told(story, 'succeeded');
};

export const refund = (story: Story, amount?: number, name = 'r1', of = 'c1'): void => {
  const said = amount === undefined ? {} : { amount };
  story.command('RefundCapture', { captureId: story.id(of), refundId: story.id(name), ...said });
  story.pass(1, 60);
};

/** The connector's word on a refund. */
export const toldOfRefund = (
  story: Story,
  outcome: RefundOutcome,
  name = 'r1',
  of = 'c1',
): void => {
  const ids = { captureId: story.id(of), refundId: story.id(name) };
  const connectorEventId = story.id(`evt-${story.sent.length}`);
  story.fact('RecordRefundOutcome', { ...ids, outcome, connectorEventId });
  story.pass(1, 20);
};

/** Asks for a capture to be taken back before it is settled. */
export const cancel = (story: Story): void => {
  story.command('CancelCapture', { captureId: story.id('c1'), mode: 'void' });
  story.pass(1, 20);
};

/** The connector's word on a cancel. */
export const toldOfCancel = (story: Story, outcome: 'succeeded' | 'failed'): void => {
  story.fact('RecordCancelOutcome', { captureId: story.id('c1'), outcome });
  story.pass(1, 20);
};

/** Of the order's amount, so many hundredths, at least 1. */
export const part = ({ amount }: Story, hundredths: number): number =>
  Math.max(1, Math.floor((amount * hundredths) / 100));
