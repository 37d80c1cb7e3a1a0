import { headerText, lastHeader, textOf } from '#kafka/headers.js';
import { NO_UTF8, recordOf } from './sent-record.js';

const { headers } = recordOf({
  headers: { once: 'one', twice: ['one', 'two'], never: [], empty: '', binary: NO_UTF8 },
});

describe('a header', () => {
  it('that comes more than once is what was said last', () => {
    expect(lastHeader(headers, 'twice')?.toString()).toBe('two');
    expect(headerText(headers, 'twice')).toBe('two');
    expect(headerText(headers, 'once')).toBe('one');
  });

  it.each(['other', 'never', 'constructor', 'Once'])('is not there: %s', (name) => {
    expect(lastHeader(headers, name)).toBeUndefined();
    expect(headerText(headers, name)).toBeUndefined();
  });

  it('that is empty is there', () => {
    expect(lastHeader(headers, 'empty')).toEqual(Buffer.alloc(0));
    expect(headerText(headers, 'empty')).toBe('');
  });

  it('that is no UTF-8 is bytes, and no text', () => {
    expect(lastHeader(headers, 'binary')).toBe(NO_UTF8);
    expect(headerText(headers, 'binary')).toBeUndefined();
  });
});

describe('bytes', () => {
  it.each(['', 'auth-1', 'Müller – 東京 🏨', '\uFEFFauth-1', '\u0000'])('are the text %j', (text) =>
    expect(textOf(Buffer.from(text))).toBe(text),
  );

  it.each([[[0xff]], [[0xc3]], [[0xed, 0xa0, 0x80]], [[0xc0, 0x80]], [[0xf5, 0x80, 0x80, 0x80]]])(
    'are no text: %j',
    (bytes) => expect(textOf(Buffer.from(bytes))).toBeUndefined(),
  );
});
