import type { OutRecord } from '#kafka/records.js';
import { RECORD_BYTES_MAX } from '#kafka/command-record.js';
import type { Random } from '../random.js';
import { CORRELATION } from './letter-record.js';
import { TOPICS } from './simulated-kafka.js';

const TOO_LARGE = Buffer.alloc(RECORD_BYTES_MAX, ' ');

type Spoiled = Partial<Pick<OutRecord, 'key' | 'value' | 'headers'>>;

/** What makes a good command one that nobody can decide. */
const poisons: readonly [Spoiled, ...Spoiled[]] = [
  { value: '{"amount":' },
  { value: Buffer.of(0x7b, 0xff, 0x7d) },
  { value: null },
  { value: '[]' },
  { value: TOO_LARGE },
  { value: '{"amount":1,"amuont":2}' },
  { value: '{"amount":1,"authorizationId":"auth-of-another-key"}' },
  { key: null },
  { key: Buffer.of(0xff) },
  { headers: { ce_id: ['one', 'another'] } },
  { headers: { ce_id: 'one', ce_type: 'CreatCapture' } },
  { headers: { ce_id: 'one', 'content-type': 'application/cloudevents+json' } },
];

/** A record among those of an authorization that is no command. */
export const anyPoison = (key: string, correlation: string, random: Random): OutRecord => {
  const { headers, ...spoiled } = random.pick(poisons);
  const id = { ce_id: `poison-${correlation}`, ce_type: 'CreateCapture' };
  return {
    topic: TOPICS.commands,
    key,
    value: '{"amount":1}',
    ...spoiled,
    headers: { ...(headers ?? id), [CORRELATION]: correlation },
  };
};
