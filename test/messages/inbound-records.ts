// Records as senders write them, right and wrong, at random.
import * as fc from 'fast-check';
import type { AuthorizationCommand } from '#capture/commands.js';
import type { InboundRecord } from '#kafka/records.js';
import { anyCommands } from '../capture/arbitraries.js';
import { smallWorld, vastWorld, weighted } from '../capture/worlds.js';
import { commandTypes, payloads } from '../commands/messages.js';

type Headers = Readonly<Record<string, string | readonly string[]>>;
type Said = Readonly<{ key: string | null; value: Buffer | string | null; headers?: Headers }>;

let written = 0;

/** As it comes from the commands topic. */
const inbound = ({ key, value, headers = {} }: Said): InboundRecord => {
  written += 1;
  return {
    topic: 'test.capture.commands.v1',
    partition: written % 3,
    offset: BigInt(written),
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: new Map(
      Object.entries(headers).map(([name, values]) => [
        name,
        [values].flat().map((text) => Buffer.from(text)),
      ]),
    ),
    timestamp: Date.UTC(2026, 10, 21, 9),
  };
};

const attributesOf = ({ commandId, type, issuedAt }: AuthorizationCommand) => ({
  id: commandId,
  type,
  source: '/shop/checkout',
  time: issuedAt,
});

/** What a sender says of a command: the ids that the ledger derives are not its own. */
const membersOf = (command: AuthorizationCommand): Readonly<Record<string, unknown>> => {
  const { commandId, type, issuedAt, ...members } = command;
  if (command.type !== 'CancelCapture') return members;
  const { refundId, ...said } = members as Readonly<Record<string, unknown>>;
  return said;
};

const caller = { kafka_correlationId: 'a-caller-of-21-letters', kafka_replyTopic: 'shop.reply' };

const binary = (command: AuthorizationCommand): InboundRecord => {
  const attributes = Object.entries(attributesOf(command)).map(([name, text]) => [
    `ce_${name}`,
    text,
  ]);
  return inbound({
    key: command.authorizationId,
    value: JSON.stringify(membersOf(command)),
    headers: { ce_specversion: '1.0', ...Object.fromEntries(attributes), ...caller },
  });
};

const structured = (command: AuthorizationCommand): InboundRecord =>
  inbound({
    key: command.authorizationId,
    value: JSON.stringify({
      specversion: '1.0',
      ...attributesOf(command),
      data: membersOf(command),
    }),
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
  });

/** All in the value, and no header at all. */
const plain = (command: AuthorizationCommand): InboundRecord =>
  inbound({
    key: command.authorizationId,
    value: JSON.stringify({ ...membersOf(command), ...attributesOfPlain(command) }),
  });

const attributesOfPlain = ({ commandId, type, issuedAt }: AuthorizationCommand) => ({
  commandId,
  type,
  issuedAt,
});

let authorizations = 0;

/** The commands of one authorization's life, each in one of the ways in which it may be sent. */
export const anyLife: fc.Arbitrary<readonly InboundRecord[]> = fc
  .constantFrom(smallWorld, vastWorld)
  .chain((world) => fc.tuple(anyCommands(world), fc.infiniteStream(fc.nat(2))))
  .map(([commands, ways]) => {
    authorizations += 1;
    const authorizationId = `auth-${authorizations}`;
    return commands.map((command) =>
      [binary, structured, plain][ways.next().value]!({ ...command, authorizationId }),
    );
  });

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(0, 1, 1.5, '', 'EUR', '4111 1111 1111 1111'),
);

/** All that may be said of a command, and some of it something else. */
const anyMembers = fc.constantFrom(...commandTypes).chain((type) => {
  const names = [...Object.keys(payloads[type].most), 'commandId', 'issuedAt', 'surprise'];
  const anyChanges = fc.dictionary(fc.constantFrom(...names), anyValue, { maxKeys: 2 });
  return fc.tuple(fc.nat(10_000), anyChanges).map(([number, changes]) => ({
    commandId: `cmd-${number}`,
    ...payloads[type].most,
    type,
    ...changes,
  }));
});

const cloudEventOf = ({ type, ...data }: Readonly<{ type: string; commandId: unknown }>) => ({
  specversion: '1.0',
  id: data.commandId,
  type,
  source: '/shop',
  data,
});

const anyHeaders = fc.dictionary(
  fc.constantFrom('ce_id', 'ce_type', 'ce_time', 'ce_specversion', 'content-type', 'x'),
  fc.constantFrom<string | readonly string[]>(
    'cmd-1',
    ['cmd-1', 'cmd-2'],
    'CreateCapture',
    '2026-11-21T09:00:00Z',
    '1.0',
    'application/json',
    'application/cloudevents+json',
    'application/cloudevents-batch+json',
  ),
  { maxKeys: 3 },
);

const anyCommandText = anyMembers.map((members) => JSON.stringify(members));
const anyCloudEventText = anyMembers.map((members) => JSON.stringify(cloudEventOf(members)));
const inCloudEvents = { 'content-type': 'application/cloudevents+json' };

const anyWrongValue = fc.oneof(
  fc.constantFrom(null, '', '{', '[]', '{"a":1,"a":2}', '{"pan":"4111 1111 1111 1111"}'),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

/** Commands that are almost right, and what was never one. */
export const anyWrongRecord: fc.Arbitrary<InboundRecord> = weighted<Said>(
  [8, anyCommandText.map((value) => ({ key: 'auth-wrong', value }))],
  [4, anyCloudEventText.map((value) => ({ key: 'auth-wrong', value, headers: inCloudEvents }))],
  [
    4,
    fc.record({
      key: fc.constantFrom('auth-wrong', 'auth wrong', '', null),
      value: fc.oneof(anyCommandText, anyCloudEventText, anyWrongValue),
      headers: anyHeaders,
    }),
  ],
).map(inbound);
