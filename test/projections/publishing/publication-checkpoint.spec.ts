import * as fc from 'fast-check';
import { decodeCheckpoint, encodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublicationCheckpoint } from '#projections/publication-checkpoint.js';
import { aCheckpoint as whole } from './a-checkpoint.js';

const anyPosition = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const anyVersions = fc.dictionary(fc.string(), fc.integer({ min: 1 }), { noNullPrototype: true });

/** A position, and an id where there is one. */
const anyPlace = fc.oneof(
  fc.constant([0, ''] as const),
  fc.tuple(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), fc.string({ minLength: 1 })),
);

const anyCheckpoint: fc.Arbitrary<PublicationCheckpoint> = fc
  .record(
    {
      last: anyPlace,
      from: anyPosition,
      epoch: fc.integer({ min: 1 }),
      shown: anyPlace,
      views: anyVersions,
      republication: fc.record(
        { views: anyVersions, after: anyPosition, until: anyPosition },
        { noNullPrototype: true },
      ),
    },
    { requiredKeys: ['last', 'from', 'epoch', 'shown', 'views'], noNullPrototype: true },
  )
  .map(({ last: [position, eventId], shown: [asOf, asOfEventId], ...others }) => ({
    ...others,
    position,
    eventId,
    asOf,
    asOfEventId,
  }));

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
    ['a position, and no id of its event', { ...whole, eventId: '' }],
    ['an event before the first', { ...whole, position: 0 }],
    ['views of a position, and no id of its event', { ...whole, asOfEventId: '' }],
    ['views of an event before the first', { ...whole, asOf: 0 }],
    ['nothing to say where it began', { ...whole, from: undefined }],
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
