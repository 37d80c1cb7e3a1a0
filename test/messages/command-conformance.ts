import { withoutNulls } from '#commands/absent-members.js';
import { flawsBy, published } from './published-schemas.js';
import { objectIn } from './seen-record.js';
import type { HeaderTexts, Json, SeenRecord } from './seen-record.js';

/** What is wrong with a command, in binary or structured mode. A member that is null counts as left out. */
export const flawsOfCommand = (record: SeenRecord, headers: HeaderTexts): readonly string[] => {
  const value = objectIn(record);
  if (!value) return ['the value is no JSON object'];
  return headers['content-type']?.startsWith('application/cloudevents')
    ? inStructuredMode(record, headers, withoutNulls(value))
    : inBinaryMode(record, headers, withoutNulls(value));
};

const inBinaryMode = (record: SeenRecord, headers: HeaderTexts, value: Json): readonly string[] => [
  ...flawsBy('headers/command.json', headers),
  ...flawsOfMembers(record, value, { commandId: headers['ce_id'], type: headers['ce_type'] }),
];

const inStructuredMode = (
  record: SeenRecord,
  headers: HeaderTexts,
  event: Json,
): readonly string[] => {
  const flaws = [
    ...flawsBy('headers/structured-command.json', headers),
    ...flawsBy('structured-command.json', event),
  ];
  const { id: commandId, type, data } = event;
  return flaws.length > 0 ? flaws : flawsOfMembers(record, data as Json, { commandId, type });
};

/** @param beside what is said beside the members, and must be said alike. */
const flawsOfMembers = (
  { key }: SeenRecord,
  members: Json,
  beside: Readonly<{ commandId: unknown; type: unknown }>,
): readonly string[] => {
  const flaws: string[] = [];
  const authorizationId = key?.toString();
  if (authorizationId === undefined) flaws.push('the record has no key');
  const command: Json = { ...members };
  for (const [name, said] of Object.entries({ ...beside, authorizationId })) {
    if (said === undefined) continue;
    if (name in members && members[name] !== said) flaws.push(`${name} is said twice, not alike`);
    command[name] = said;
  }
  if (command['commandId'] === undefined) flaws.push('nothing says the command id');
  const place = `commands/${String(command['type'])}.json`;
  return published.has(place)
    ? [...flaws, ...flawsBy(place, command)]
    : [...flaws, 'there is no command of this type'];
};
