import type { AuthorizationCommand, CommandType } from '#capture/commands.js';
import {
  AdjustAuthorization,
  filledIntoRegistration,
  ExpireAuthorization,
  flawsOfRegistration,
  RegisterAuthorization,
  VoidAuthorization,
} from './authorization-commands.js';
import {
  CancelCapture,
  filledIntoCancel,
  filledIntoCapture,
  CreateCapture,
  ForwardStuckCapture,
  RecordCancelOutcome,
  RecordCaptureOutcome,
} from './capture-commands.js';
import type { JsonSchema } from './class-schema.js';
import { define } from './command-definition.js';
import type { CommandDefinition } from './command-definition.js';
import { flawsOfMetadata } from './metadata.js';
import type { CommandClass } from './parsed-command.js';
import {
  filledIntoRefund,
  ForwardStuckRefund,
  RecordRefundOutcome,
  RefundCapture,
  SetNextRefundAmount,
  VoidRefund,
} from './refund-commands.js';

/** Every command of the domain; a new one is a class with its decorators, and a line here. */
const definitions: {
  readonly [Type in CommandType]: CommandDefinition<Extract<AuthorizationCommand, { type: Type }>>;
} = {
  RegisterAuthorization: define(RegisterAuthorization, {
    flaws: flawsOfRegistration,
    filledIn: filledIntoRegistration,
  }),
  AdjustAuthorization: define(AdjustAuthorization),
  VoidAuthorization: define(VoidAuthorization),
  ExpireAuthorization: define(ExpireAuthorization),
  CreateCapture: define(CreateCapture, { flaws: flawsOfMetadata, filledIn: filledIntoCapture }),
  RecordCaptureOutcome: define(RecordCaptureOutcome),
  ForwardStuckCapture: define(ForwardStuckCapture),
  CancelCapture: define(CancelCapture, { filledIn: filledIntoCancel }),
  RecordCancelOutcome: define(RecordCancelOutcome),
  RefundCapture: define(RefundCapture, { flaws: flawsOfMetadata, filledIn: filledIntoRefund }),
  RecordRefundOutcome: define(RecordRefundOutcome),
  VoidRefund: define(VoidRefund),
  ForwardStuckRefund: define(ForwardStuckRefund),
  SetNextRefundAmount: define(SetNextRefundAmount),
};

/** By the `type` of a message. */
export const commandDefinitions: ReadonlyMap<unknown, CommandDefinition> = new Map(
  Object.entries(definitions),
);

/** What the CommandBus dispatches on, by the command's type. */
export const commandClasses: ReadonlyMap<string, CommandClass> = new Map(
  Object.entries(definitions).map(([type, { commandClass }]) => [type, commandClass]),
);

/** What a transport says, or the ledger by default, need not be in the body. */
const SAID_ELSEWHERE: ReadonlySet<unknown> = new Set([
  'type',
  'commandId',
  'merchantAccountId',
  'issuedAt',
]);

/**
 * The JSON Schema of a command's body, from the same decorators that check it: for OpenAPI, and for
 * the schemas that senders get.
 */
export const jsonSchemaOf = (type: CommandType): JsonSchema => {
  const { required, ...schema } = definitions[type].schema();
  const names = (required as readonly string[]).filter((name) => !SAID_ELSEWHERE.has(name));
  return { ...schema, title: type, required: names };
};
