import type { Flaw } from '#commands/flaw.js';
import type { IncomingCommand } from '#commands/incoming-command.js';
import { JSON_BYTES_MAX, JSON_DEPTH_MAX, readJson } from '#commands/safe-json.js';
import type { JsonObject } from '#commands/safe-json.js';

/** The command's members are one level deeper than alone, and there are the attributes around them. */
const LIMITS = { bytes: JSON_BYTES_MAX + 8 * 1024, depth: JSON_DEPTH_MAX + 1 };

/** Attributes of CloudEvents 1.0.2, and as which member of a command each is taken. */
const attributes = [
  ['id', 'commandId'],
  ['type', 'type'],
  ['source', 'actor'],
  ['time', 'issuedAt'],
  ['correlationid', 'correlationId'],
] as const;

/**
 * A command in structured mode: one JSON object with the attributes, and the command as its `data`. What
 * is wrong with the event is in `flaws`, beside the attributes that are right: an answer names them.
 *
 * @param contentType in lower case.
 */
export const readCloudEvent = (
  value: Uint8Array | string,
  contentType: string,
): IncomingCommand => {
  if (!/^application\/cloudevents\+json\s*(;|$)/.test(contentType)) {
    return { body: value, flaws: [NOT_JSON_FORMAT] };
  }
  const read = readJson(value, LIMITS);
  // Read as a command alone, by stricter limits, it has the same flaw.
  if (!read.ok) return { body: value };
  const event = read.value;
  const { data } = event;
  const flaws: Flaw[] = [];
  const said = saidBy(event, flaws);
  if (event['specversion'] !== '1.0') {
    flaws.push({ pointer: '/specversion', message: 'must be "1.0"' });
  }
  if (!isObject(data)) {
    flaws.push({ pointer: '/data', message: 'must be the object with the command’s members' });
    return { ...said, body: '', flaws };
  }
  if (holdsInfinity(data)) {
    flaws.push({ pointer: '/data', message: 'must hold no number so large' });
  }
  return { ...said, body: JSON.stringify(data), told, flaws };
};

/** Where a person finds what the event says. */
const told: Readonly<Record<string, string>> = {
  ...Object.fromEntries(attributes.map(([attribute, member]) => [member, `/${attribute}`])),
  authorizationId: 'the key',
};

const NOT_JSON_FORMAT: Flaw = {
  pointer: '',
  message: 'must be one CloudEvent as application/cloudevents+json',
};

/** The members that the attributes give; of one that is no text, a flaw. */
const saidBy = (event: JsonObject, flaws: Flaw[]): Record<string, string> => {
  const said: Record<string, string> = {};
  for (const [attribute, member] of attributes) {
    const text = event[attribute];
    if (text === undefined || text === null) continue;
    if (typeof text === 'string') said[member] = text;
    else flaws.push({ pointer: `/${attribute}`, message: 'must be a text' });
  }
  return said;
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * JSON has 1e400, which is read as infinity and written as null: an amount so large would be taken for one
 * that was left out, and that means all there is.
 */
const holdsInfinity = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).some(holdsInfinity)
    : value === Infinity || value === -Infinity;
