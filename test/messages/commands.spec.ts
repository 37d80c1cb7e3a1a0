import * as fc from 'fast-check';
import { withoutNulls } from '#commands/absent-members.js';
import type { Flaw } from '#commands/flaw.js';
import { parseCommand } from '#commands/parse-command.js';
import { commandTypes, envelope, messageOf, NOW, payloads } from '../commands/messages.js';
import { flawsBy } from './published-schemas.js';

type Message = ReturnType<typeof messageOf>;

const flawsOf = (message: Message) => {
  const known = commandTypes.find((type) => type === message['type']);
  return known ? flawsBy(`commands/${known}.json`, withoutNulls(message)) : ['no command'];
};

/** What the ledger asks beyond what a JSON Schema can say, as it words it. */
const BEYOND_A_SCHEMA =
  /card number|its name is that of|unless captureMethod is automatic|where captureMethod is manual_multiple|so long a fraction|a time of RFC 3339|a day of the calendar/;

/** What is said of a command by its record, if not by its value. */
const BY_ITS_RECORD = /^\/(commandId|authorizationId)$/;

const noSchemaSays = ({ pointer, message }: Flaw): boolean =>
  BEYOND_A_SCHEMA.test(message) || (BY_ITS_RECORD.test(pointer) && message === 'must be there');

const expectOneJudgement = (message: Message): void => {
  const body = JSON.stringify(message);
  const result = parseCommand({ body }, NOW);
  const flaws = flawsOf(JSON.parse(body) as Message);
  if (result.ok) expect([body, flaws]).toEqual([body, []]);
  else if (!result.invalid.errors.every(noSchemaSays))
    expect([body, flaws]).not.toEqual([body, []]);
};

describe('The schema of a command', () => {
  it.each(commandTypes)('takes the least and the most that may be said of %s', (type) => {
    expect(flawsOf(messageOf(type))).toEqual([]);
    expect(flawsOf(messageOf(type, payloads[type].most))).toEqual([]);
  });

  it.each(commandTypes)('refuses a member that %s does not have', (type) => {
    expect(flawsOf(messageOf(type, { surprise: 1 }))).not.toEqual([]);
  });

  it.each(commandTypes)('refuses %s without a member that must be there', (type) => {
    for (const name of Object.keys(payloads[type].least)) {
      expect(flawsOf(messageOf(type, { [name]: null }))).not.toEqual([]);
    }
  });

  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(0, 1, 1.5, 2 ** 53, '', 'x', 'EUR', 'x'.repeat(301), NOW, '2026-11-21', true),
  );
  const messages = fc.constantFrom(...commandTypes).chain((type) => {
    const names = [...Object.keys(payloads[type].most), ...Object.keys(envelope), 'issuedAt'];
    return fc
      .tuple(
        fc.constantFrom('least' as const, 'most' as const),
        fc.dictionary(fc.constantFrom(...names, 'actor', 'surprise'), values, { maxKeys: 3 }),
      )
      .map(([much, changes]) => messageOf(type, { ...payloads[type][much], ...changes }));
  });

  it('takes what the ledger takes and refuses what it refuses, but for what no schema can say', () => {
    const judged = fc.property(messages, (message) => expectOneJudgement(message));
    fc.assert(judged, { numRuns: 2_000 });
  });
});
