import type { IHeaders } from 'kafkajs';
import { inboundRecord } from '#kafka/inbound-record.js';

const inbound = (headers: IHeaders) =>
  inboundRecord('commands', 2, {
    key: Buffer.from('auth_4563'),
    value: null,
    timestamp: '1767225600000',
    attributes: 0,
    offset: '9007199254740993',
    headers,
  });

describe('a record as it came', () => {
  it('has its place, its time, its key and its value', () => {
    expect(inbound({})).toEqual({
      topic: 'commands',
      partition: 2,
      offset: 9_007_199_254_740_993n,
      key: Buffer.from('auth_4563'),
      value: null,
      headers: new Map(),
      timestamp: 1_767_225_600_000,
    });
  });

  it('has every value of a header that came twice, in their order', () => {
    const { headers } = inbound({ ce_id: [Buffer.from('one'), Buffer.from('two')] });
    expect(headers.get('ce_id')?.map(String)).toEqual(['one', 'two']);
  });

  it('has nothing but bytes in a header that is named like what every object has', () => {
    // As kafkajs hands it over: it collects headers in a plain object.
    const asCollected = {
      toString: [() => 'what every object has', Buffer.from('mine')],
    } as unknown as IHeaders;
    expect(inbound(asCollected).headers).toEqual(new Map([['toString', [Buffer.from('mine')]]]));
  });

  it('has a header without a value, and it is empty', () => {
    const { headers } = inbound({ ce_id: null } as unknown as IHeaders);
    expect(headers).toEqual(new Map([['ce_id', [Buffer.alloc(0)]]]));
  });
});
