import type { Fastify } from './fastify.js';
import { Problem } from './problem.js';
import { protocolProblem } from './protocol-problem.js';

/**
 * Bodies of JSON go on as the bytes that they are: one way reads them, whoever brings them, and it refuses
 * what JSON.parse would take. Other media types are refused, which also keeps a page in somebody's browser
 * from sending commands: it may send forms and plain text unasked, and no JSON.
 */
export const takeRawJson = (fastify: Fastify): void => {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    ({ headers }, body, done) => {
      const { 'content-encoding': coding = 'identity' } = headers;
      const [, charset = 'utf-8'] = CHARSET.exec(headers['content-type'] ?? '') ?? [];
      if (coding === 'identity' && /^utf-?8$/i.test(charset)) done(null, body);
      else done(new Problem(protocolProblem(415)));
    },
  );
};

/** JSON has no charset but UTF-8 (RFC 8259); who says another means other characters than we would read. */
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;
