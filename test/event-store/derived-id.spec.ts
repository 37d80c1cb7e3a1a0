import { assert, property, string } from 'fast-check';
import { v5 } from 'uuid';
import { derivedId } from '#event-store/derived-id.js';

describe('A derived id', () => {
  // Reckoned by another implementation of RFC 9562. They are in every ledger there is: they never change.
  it.each([
    ['authorization-default/auth-4711', 0, '4f6373b8-8537-5519-8efb-d246589b1d0f'],
    ['authorization-default/auth-4711', 11, '78f839de-0ba1-5fda-8cce-d7774fdc8407'],
    ['authorization-default/auth-4711', 'capture', '3c2bae42-ad86-51a1-884f-189edb026029'],
    ['authorization-default/auth-4711', 'refund', '802952f4-f962-5750-a5d6-8dae2f8d5c27'],
  ] as const)('of cmd-1 on %s, part %s, is %s', (stream, part, id) => {
    expect(derivedId(stream, 'cmd-1', part)).toBe(id);
  });

  it('is of UTF-8', () => {
    expect(derivedId('authorization-åcme/auth-1', 'cmd-1', 'capture')).toBe(
      '09154ef7-6143-5ddc-b6a6-edae137a67c7',
    );
  });

  it('is another for another stream, command or part', () => {
    const ids = [
      derivedId('a', 'b', 0),
      derivedId('a', 'c', 0),
      derivedId('c', 'b', 0),
      derivedId('a', 'b', 1),
      derivedId('a', 'b', 'capture'),
      derivedId('a', 'b', 'refund'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is what the library uuid makes of the same name', () => {
    const text = string({ unit: 'binary', maxLength: 400 });
    assert(
      property(text, text, (stream, commandId) => {
        const name = `${stream}/${commandId}/0`;
        expect(derivedId(stream, commandId, 0)).toBe(
          v5(name, '6f0c3a52-8f0d-4b6e-9c07-2d1b7e5a94c8'),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
