import { payloadOf } from '#capture/commands.js';
import type { AuthorizationCommand } from '#capture/commands.js';
import { authorizationDecider, record } from '#capture/decide.js';
import type { AuthorizationEvent } from '#capture/events.js';
import type { History } from '../given-when-then.js';
import { stateAfter } from '../given-when-then.js';
import {
  cancel,
  create,
  forward,
  refund,
  register,
  tell,
  tellRefund,
  voidRefund,
} from './commands.js';
import {
  authorization,
  automatic,
  canceled,
  captured,
  finalCapture,
  refunded,
  succeeded,
} from './fixtures.js';

/** What a stream keeps of a command. */
const keptOf = (command: AuthorizationCommand, ...history: History<AuthorizationEvent>) => {
  const state = stateAfter(authorizationDecider, history);
  return record(command, authorizationDecider.decide(command, state), state);
};

const begun = [authorization(), finalCapture('c1', 60_00)];
const taken = [authorization(), captured('c1', 60_00, { final: true })];

describe('what a stream keeps of a command', () => {
  it('its events, as they were decided', () =>
    expect(keptOf(create('c1', 60_00), authorization())).toStrictEqual([
      finalCapture('c1', 60_00),
    ]));

  it('a refusal, with the numbers that mattered and what it was of: not what it would have made', () => {
    expect(keptOf(create('c1', 100_01), authorization())).toEqual([
      {
        type: 'CommandRejected',
        data: {
          commandType: 'CreateCapture',
          reason: 'amount_exceeds_capturable',
          details: expect.objectContaining({ capturable: 100_00 }),
        },
      },
    ]);
    expect(keptOf(refund('r1', 60_01), ...taken)).toEqual([
      {
        type: 'CommandRejected',
        data: {
          commandType: 'RefundCapture',
          reason: 'amount_exceeds_refund_balance',
          captureId: 'c1',
          details: expect.objectContaining({ left: 60_00 }),
        },
      },
    ]);
  });

  it('a refusal also where nothing was ever registered', () =>
    expect(keptOf(create('c1', 1))).toEqual([
      {
        type: 'CommandRejected',
        data: {
          commandType: 'CreateCapture',
          reason: 'authorization_unknown',
          details: {},
        },
      },
    ]));

  it.each<[string, AuthorizationCommand, History<AuthorizationEvent>, object]>([
    ['a registration told again', register(), [authorization()], {}],
    [
      'an automatic registration told again',
      register({ captureMethod: 'automatic', captureId: 'c2' }),
      automatic,
      { captureId: 'c1' },
    ],
    ['a capture told again', create('c1', 60_00), begun, { captureId: 'c1' }],
    ['a forward of what succeeded', forward(), taken, { captureId: 'c1' }],
    [
      'a refund told again',
      refund('r1', 25_00),
      [...taken, refunded('c1', 'r1', 25_00)],
      { captureId: 'c1', refundId: 'r1' },
    ],
  ])('that it had no effect: %s', (_, command, history, ids) =>
    expect(keptOf(command, ...history)).toStrictEqual([
      { type: 'CommandHadNoEffect', data: { commandType: command.type, ...ids } },
    ]),
  );

  it('that a cancel had no effect, and of which capture', () =>
    expect(keptOf(cancel('auto'), ...begun, canceled('c1'))).toMatchObject([
      { type: 'CommandHadNoEffect', data: { commandType: 'CancelCapture', captureId: 'c1' } },
    ]));

  it('the whole of a fact that had no effect', () => {
    const fact = tell('succeeded', { connectorEventId: 'evt-1', actor: 'connector' });
    expect(keptOf(fact, ...begun, succeeded('c1'))).toStrictEqual([
      {
        type: 'CommandHadNoEffect',
        data: { commandType: 'RecordCaptureOutcome', captureId: 'c1', fact: payloadOf(fact) },
      },
    ]);
    const ofRefund = tellRefund('succeeded');
    expect(keptOf(ofRefund, ...taken, refunded('c1', 'r1', 25_00))).toStrictEqual([
      {
        type: 'CommandHadNoEffect',
        data: {
          commandType: 'RecordRefundOutcome',
          captureId: 'c1',
          refundId: 'r1',
          fact: payloadOf(ofRefund),
        },
      },
    ]);
  });

  it('nothing that changes what it is asked about', () => {
    const refusal = keptOf(voidRefund('r9'), ...taken);
    expect(stateAfter(authorizationDecider, [...taken, refusal])).toEqual(
      stateAfter(authorizationDecider, taken),
    );
  });
});
