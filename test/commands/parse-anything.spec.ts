import { fc, test } from '@fast-check/jest';
import { parseCommand } from '#commands/parse-command.js';
import { canonicalJson } from '#event-store/canonical.js';
import { commandTypes, envelope, messageOf, NOW, payloads } from './messages.js';

/** Whatever comes in: a command that can be stored and repeated, or flaws that can be answered. */
const expectAnAnswer = (body: string | Uint8Array, beside = {}): void => {
  const result = parseCommand({ body, ...beside }, NOW);
  if (result.ok) {
    const { command, stream, fingerprint } = result.command;
    expect(JSON.parse(canonicalJson(command))).toEqual(command);
    expect(stream).toBe(`authorization-${command.merchantAccountId}/${command.authorizationId}`);
    const again = parseCommand({ body, ...beside }, NOW);
    expect(again).toMatchObject({ ok: true, command: { fingerprint } });
  } else {
    const { errors } = result.invalid;
    expect(errors.length).toBeGreaterThan(0);
    for (const { pointer, message } of errors) {
      expect(pointer).toMatch(/^(?:\/(?:[^~/]|~[01])*)*$/u);
      expect(message).toMatch(/^must /);
      expect(message).not.toMatch(/undefined|\[object/);
    }
  }
};

const values = fc.jsonValue({ maxDepth: 9 });
const messages = fc.constantFrom(...commandTypes).chain((type) => {
  const names = [...Object.keys(payloads[type].most), ...Object.keys(envelope), 'type', 'issuedAt'];
  return fc
    .dictionary(fc.constantFrom(...names, 'metadata', '__proto__', 'x/~'), values)
    .map((changes) => messageOf(type, { ...payloads[type].most, ...changes }));
});

describe('Nothing that is sent can make parsing throw:', () => {
  test.prop([fc.uint8Array({ maxLength: 200 })], { numRuns: 300 })('any bytes', (bytes) =>
    expectAnAnswer(bytes),
  );
  test.prop([fc.string({ unit: 'binary', maxLength: 200 })], { numRuns: 300 })('any text', (text) =>
    expectAnAnswer(text),
  );
  test.prop([fc.json({ maxDepth: 12 })], { numRuns: 300 })('any JSON', (json) =>
    expectAnAnswer(json),
  );
  test.prop([values, fc.constantFrom(...commandTypes)], { numRuns: 300 })(
    'any JSON as the body of any command',
    (value, type) => expectAnAnswer(JSON.stringify(value), { ...envelope, type }),
  );
  test.prop([messages], { numRuns: 500 })('commands with anything for some member', (message) =>
    expectAnAnswer(JSON.stringify(message)),
  );
  test.prop([messages, fc.nat(), fc.string({ unit: 'binary', maxLength: 3 })], { numRuns: 300 })(
    'commands with something cut out of their text, or put into it',
    (message, place, text) => {
      const json = JSON.stringify(message);
      const at = place % json.length;
      expectAnAnswer(json.slice(0, at) + text + json.slice(at + 1));
      expectAnAnswer(json.slice(0, at) + text + json.slice(at));
    },
  );
  test.prop(
    [
      fc.record(
        {
          type: fc.string(),
          commandId: fc.string(),
          merchantAccountId: fc.string(),
          authorizationId: fc.string(),
          issuedAt: fc.string(),
          actor: fc.string({ unit: 'binary' }),
          correlationId: fc.string({ unit: 'binary' }),
        },
        { requiredKeys: [] },
      ),
    ],
    { numRuns: 300 },
  )('anything in headers', (beside) => expectAnAnswer('{}', beside));
});
