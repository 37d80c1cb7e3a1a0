import * as fc from 'fast-check';
import { decodeCheckpoint, encodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublicationCheckpoint } from '#projections/publication-checkpoint.js';

const anyPosition = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const anyVersions = fc.dictionary(fc.string(), fc.integer({ min: 1 }), { noNullPrototype: true });

const anyCheckpoint: fc.Arbitrary<PublicationCheckpoint> = fc.record(
  {
    position: anyPosition,
    eventId: fc.string(),
    epoch: fc.integer({ min: 1 }),
    asOf: anyPosition,
    views: anyVersions,
    republication: fc.record(
      { views: anyVersions, after: anyPosition, until: anyPosition },
      { noNullPrototype: true },
    ),
  },
  { requiredKeys: ['position', 'eventId', 'epoch', 'asOf', 'views'], noNullPrototype: true },
);

const whole = {
  position: 12,
  eventId: '5e4c1d5f-0b3b-5d1c-9d8e-0d9c1e1c3a11',
  epoch: 1,
  asOf: 14,
  views: { capture: 1 },
  republication: { views: { 'final-capture': 2 }, after: 3, until: 12 },
};

const read = (value: unknown) => decodeCheckpoint(Buffer.from(JSON.stringify(value)));

describe('a checkpoint', () => {
  it('is read as it was written', () =>
    fc.assert(
      fc.property(anyCheckpoint, (checkpoint) => {
        expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
      }),
    ));

  it.each([
    ['no position', { ...whole, position: undefined }],
    ['a position that is none', { ...whole, position: -1 }],
    ['a position as text', { ...whole, position: '12' }],
    ['no event', { ...whole, eventId: null }],
    ['epoch 0', { ...whole, epoch: 0 }],
    ['a version that is none', { ...whole, views: { capture: 0 } }],
    ['no versions', { ...whole, views: [] }],
    ['a member that is not known', { ...whole, shard: 0 }],
    ['half a republication', { ...whole, republication: { views: {}, after: 3 } }],
    ['a republication of nothing', { ...whole, republication: null }],
    ['no object', [whole]],
  ])('is not read with %s', (_, value) => {
    expect(read(whole)).toEqual(whole);
    expect(read(value)).toBeUndefined();
  });

  it('is not read of anything else', () => {
    expect(decodeCheckpoint(Buffer.from('{"position":'))).toBeUndefined();
    expect(decodeCheckpoint(Buffer.alloc(0))).toBeUndefined();
  });
});
