import type { IncomingCommand } from '#commands/incoming-command.js';
import type { InboundRecord } from '#kafka/records.js';
import { messageOf } from '../commands/messages.js';

type Bytes = Buffer | string;

/** A record as its sender wrote it; what is left out is as most senders have it. */
export type Sent = Readonly<{
  key?: Bytes | null;
  value?: Bytes | null;
  /** A list: the same header more than once. */
  headers?: Readonly<Record<string, Bytes | readonly Bytes[]>>;
  timestamp?: number;
  partition?: number;
}>;

/** A command's members with its envelope, as they stand in a plain record. */
export type Message = Readonly<Record<string, unknown>>;

/** When records are sent: milliseconds since 1970. */
export const SENT_AT = Date.parse('2026-11-21T09:00:00.000Z');

export const TOPIC = 'capture.commands.v1';

let written = 0;

export const recordOf = ({
  key = 'auth-1',
  value = '{}',
  headers = {},
  timestamp = SENT_AT,
  partition = 0,
}: Sent): InboundRecord => {
  written += 1;
  return {
    topic: TOPIC,
    partition,
    offset: BigInt(written),
    key: key === null ? null : bytesOf(key),
    value: value === null ? null : bytesOf(value),
    headers: new Map(
      Object.entries(headers).map(([name, values]) => [
        name,
        (isList(values) ? values : [values]).map(bytesOf),
      ]),
    ),
    timestamp,
  };
};

const bytesOf = (bytes: Bytes): Buffer => (typeof bytes === 'string' ? Buffer.from(bytes) : bytes);

const isList = (values: Bytes | readonly Bytes[]): values is readonly Bytes[] =>
  Array.isArray(values);

export const aCapture = (changes: Message = {}): Message =>
  messageOf('CreateCapture', { captureId: 'cap-1', amount: 7_000, ...changes });

/** CloudEvents' binary mode: attributes as headers, the members as value. */
export const binaryMode = (message: Message, beside: Sent = {}): InboundRecord => {
  const { type, commandId, ...members } = message;
  return recordOf({
    key: String(message['authorizationId']),
    value: JSON.stringify(members),
    ...beside,
    headers: {
      ce_specversion: '1.0',
      ce_id: String(commandId),
      ce_type: String(type),
      ce_source: '/shop/checkout',
      'content-type': 'application/json',
      ...beside.headers,
    },
  });
};

export const cloudEventOf = ({ type, commandId, ...data }: Message): Message => ({
  specversion: '1.0',
  id: commandId,
  type,
  source: '/shop/checkout',
  data,
});

export const STRUCTURED = 'application/cloudevents+json';

/** CloudEvents' structured mode: all of it in the value. */
export const structuredMode = (message: Message, beside: Sent = {}): InboundRecord =>
  recordOf({
    key: String(message['authorizationId']),
    value: JSON.stringify(cloudEventOf(message)),
    ...beside,
    headers: { 'content-type': STRUCTURED, ...beside.headers },
  });

/** Without any header, as a sender's first try by hand. */
export const plainly = (message: Message, beside: Sent = {}): InboundRecord =>
  recordOf({
    key: String(message['authorizationId']),
    value: JSON.stringify(message),
    ...beside,
  });

/** The same command as `POST /v1/commands/{type}` hands it over. */
export const overHttp = (message: Message): IncomingCommand => {
  const { type, commandId, ...members } = message;
  return {
    type: String(type),
    commandId: String(commandId),
    body: Buffer.from(JSON.stringify(members)),
  };
};

/** A header that is no UTF-8. */
export const NO_UTF8 = Buffer.from([0x63, 0x6d, 0x64, 0xff]);

/** The number of no card: it is everybody's example. */
export const CARD = '4111 1111 1111 1111';
