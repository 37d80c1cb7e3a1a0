import type { InboundHeaders } from './records.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Of a header that comes more than once the last counts, as in the clients of other languages. */
export const lastHeader = (headers: InboundHeaders, name: string): Buffer | undefined =>
  headers.get(name)?.at(-1);

/** undefined: these bytes are no UTF-8. */
export const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
};

/** Of a header that is there and is UTF-8. */
export const headerText = (headers: InboundHeaders, name: string): string | undefined => {
  const bytes = lastHeader(headers, name);
  return bytes && textOf(bytes);
};
