import type { RecordedEvent } from '#event-store/event-store.js';
import { captureNamedIn, eventRecord } from '#projections/event-record.js';
import { authorization, requested, succeeded, voided } from '../../capture/fixtures.js';
import { HistoryWriter, key, logOf } from '../history-writer.js';

const identity = { shard: 3, epoch: 2 };

const logWith = (told: Parameters<HistoryWriter['encode']>[2] = {}): readonly RecordedEvent[] => {
  const writer = new HistoryWriter();
  return logOf([
    writer.encode(key('auth-1', 'shop'), [authorization()]),
    writer.encode(key('auth-1', 'shop'), [requested('c1', 70_00), succeeded('c1')], told),
  ]);
};

describe('the record of an event', () => {
  const [, , third] = logWith({ commandId: 'cmd-7' });

  it('has the stored bytes as its value, and says in its headers what it is and where it stands', () => {
    const { headers, ...record } = eventRecord(third!, identity);
    expect(record).toEqual({ channel: 'events', key: 'shop/auth-1', value: third!.data });
    expect(headers).toEqual({
      ce_specversion: '1.0',
      ce_id: third!.eventId,
      ce_type: 'CaptureSucceeded',
      ce_source: '/capture-ledger/3',
      ce_subject: 'authorization-shop/auth-1',
      ce_time: '2026-11-21T09:00:00.002Z',
      ce_causationid: 'cmd-7',
      ce_ledgerrevision: '2',
      ce_ledgerposition: '3',
      ce_ledgerepoch: '2',
      ce_ledgerschemaversion: '1',
      'content-type': 'application/json',
    });
  });

  it('says what it correlates with, where its sender said so', () => {
    const metadata = { ...JSON.parse(third!.metadata), correlationId: 'order-12' };
    const { headers } = eventRecord({ ...third!, metadata: JSON.stringify(metadata) }, identity);
    expect(headers['ce_correlationid']).toBe('order-12');
  });

  it.each([['no JSON'], ['null'], ['{"commandId":1}']])(
    'is there also where its metadata is %s, for one stream must not stop the others',
    (metadata) => {
      const { headers } = eventRecord({ ...third!, metadata }, identity);
      expect(headers).toMatchObject({ ce_id: third!.eventId });
      expect(headers).not.toHaveProperty('ce_causationid');
    },
  );

  it('has the name of its stream as key where that is no authorization’s', () => {
    const foreign = { ...third!, stream: 'somebody-else' };
    expect(eventRecord(foreign, identity)).toMatchObject({ key: 'somebody-else' });
  });
});

describe('the capture that an event names', () => {
  it('is the one that it is about, if it is about one', () => {
    expect(logWith().map(captureNamedIn)).toEqual([undefined, 'c1', 'c1']);
  });

  it.each([
    ['{"reason":"the \\"captureId\\" was wrong"}', undefined],
    ['{"fact":{"captureId":"c2"}}', undefined],
    ['{"captureId":1}', undefined],
    ['{"captureId":', undefined],
    ['{"captureId":"c2"}', 'c2'],
  ])('in %s is %s', (data, captureId) => {
    const [event] = logOf([new HistoryWriter().encode(key('auth-1'), [voided])]);
    expect(captureNamedIn({ ...event!, data })).toBe(captureId);
  });
});
