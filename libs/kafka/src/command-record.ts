import type { Flaw } from '#commands/flaw.js';
import type { IncomingCommand } from '#commands/incoming-command.js';
import { readCloudEvent } from './cloud-event.js';
import { lastHeader, textOf } from './headers.js';
import type { InboundHeaders, InboundRecord } from './records.js';

/** Of a record that we take: key, value and headers together, uncompressed. */
export const RECORD_BYTES_MAX = 128 * 1024;

/**
 * A record as a command: CloudEvents' Kafka binding 1.0.2, binary mode (attributes in `ce_` headers, the
 * command's members as value) or structured mode (all in the value). What is not said by a header may
 * be said by the body, so that a plain sender needs none. Never throws: what is wrong is in `flaws`.
 */
export const commandIn = (record: InboundRecord): IncomingCommand => {
  const { key, value, headers } = record;
  const contentType = contentTypeOf(headers);
  const message = contentType.startsWith('application/cloudevents')
    ? readCloudEvent(value ?? '', contentType)
    : binaryMode(record);
  const authorizationId = key === null || key.length === 0 ? undefined : textOf(key);
  const issuedAt = message.issuedAt ?? instantOf(record.timestamp);
  const correlationId = message.correlationId ?? traceOf(headers);
  return {
    ...message,
    ...(issuedAt !== undefined && { issuedAt }),
    ...(correlationId !== undefined && { correlationId }),
    ...(authorizationId !== undefined && { authorizationId }),
    // Where there is no key that can be read, this is said already.
    ...(authorizationId === undefined && { told: { ...message.told, authorizationId: undefined } }),
    flaws: [
      ...flawsOfSize(record),
      ...(authorizationId === undefined ? [WRONG_KEY] : []),
      ...(value === null || value.length === 0 ? [NO_VALUE] : []),
      ...(message.flaws ?? []),
    ],
  };
};

/** The end of the year 9999, the last that RFC 3339 can say. */
const LAST_INSTANT = 253_402_300_799_999;

/** A sender sets the timestamp, to whatever it likes; -1 is "none". */
const instantOf = (timestamp: number): string | undefined =>
  timestamp >= 0 && timestamp <= LAST_INSTANT ? new Date(timestamp).toISOString() : undefined;

const contentTypeOf = (headers: InboundHeaders): string => {
  const bytes = lastHeader(headers, 'content-type');
  return bytes ? bytes.toString('latin1').trim().toLowerCase() : '';
};

const flawsOfSize = ({ key, value, headers }: InboundRecord): readonly Flaw[] => {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, values] of headers) {
    const bytesOfName = Buffer.byteLength(name);
    for (const one of values) bytes += bytesOfName + one.length;
  }
  return bytes <= RECORD_BYTES_MAX
    ? []
    : [ofRecord(`key, value and headers must be at most ${RECORD_BYTES_MAX} bytes together`)];
};

/** A flaw of the record that is not in its JSON. */
const ofRecord = (message: string): Flaw => ({ pointer: '', message });

const WRONG_KEY = ofRecord('the key must be the authorization id');

const NO_VALUE = ofRecord('there is no value: it must be the command’s members as JSON');

/** What a header says, and as which member of a command it is taken. */
const attributes = [
  ['ce_id', 'commandId'],
  ['ce_type', 'type'],
  ['ce_source', 'actor'],
  ['ce_time', 'issuedAt'],
  ['ce_correlationid', 'correlationId'],
] as const;

const binaryMode = ({ value, headers }: InboundRecord): IncomingCommand => {
  const flaws: Flaw[] = [];
  const said: Record<string, string> = {};
  for (const [header, member] of attributes) {
    const bytes = lastHeader(headers, header);
    if (!bytes) continue;
    const text = textOf(bytes);
    if (text === undefined) flaws.push(ofRecord(`the header ${header} must be UTF-8`));
    else said[member] = text;
  }
  if ((headers.get('ce_id')?.length ?? 0) > 1) {
    flaws.push(ofRecord('the header ce_id must be there only once'));
  }
  const version = lastHeader(headers, 'ce_specversion');
  if (version && version.toString('latin1') !== '1.0') {
    flaws.push(ofRecord('the header ce_specversion must be 1.0'));
  }
  return { ...said, body: value ?? '', told: toldIn(headers), flaws };
};

/** Where a person finds what the record says. Of an id or a type that is missing, also what was meant to be it. */
const toldIn = (headers: InboundHeaders): typeof TOLD => {
  if (headers.has('ce_id') && headers.has('ce_type')) return TOLD;
  return {
    ...TOLD,
    commandId: `the header ce_id${hintAt(/^ce[-_.:]?id$/i, 'ce_id', headers)}`,
    type: `the header ce_type${hintAt(/^ce[-_.:]?type$/i, 'ce_type', headers)}`,
  };
};

const TOLD: Readonly<Record<string, string>> = {
  ...Object.fromEntries(attributes.map(([header, member]) => [member, `the header ${header}`])),
  authorizationId: 'the key',
};

/** Headers of other bindings are named nearly so: `ce-id` over HTTP, `CE_ID`. */
const hintAt = (near: RegExp, header: string, headers: InboundHeaders): string => {
  const meant = [...headers.keys()].find((name) => name !== header && near.test(name));
  return meant === undefined ? '' : ` (not ${meant})`;
};

/** The trace id of W3C's `traceparent`, for a command that names no correlation. */
const traceOf = (headers: InboundHeaders): string | undefined =>
  /^[\da-f]{2}-([\da-f]{32})-/.exec(
    lastHeader(headers, 'traceparent')?.toString('latin1') ?? '',
  )?.[1];
