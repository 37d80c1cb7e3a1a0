import { hash } from 'node:crypto';
import { StreamUnusable } from '#event-store/event-store.js';
import type { NewEvent, RecordedEvent } from '#event-store/event-store.js';

/** Where a stream stands: its last revision (-1 before the first event), and the hash to chain from. */
export type ChainEnd = Readonly<{ revision: number; hash: string }>;

/** SHA-256 in base64url: what the first event of a stream names as its predecessor. */
export const hashOfStreamName = (stream: string): string => hash('sha256', stream, 'base64url');

/**
 * SHA-256 in base64url of the canonical `{type, data, metadata}`. Data and metadata are canonical
 * already, so that the canonical whole is their concatenation.
 */
export const hashOfEvent = ({
  type,
  data,
  metadata,
}: Pick<NewEvent, 'type' | 'data' | 'metadata'>): string =>
  hash(
    'sha256',
    `{"data":${data},"metadata":${metadata},"type":${JSON.stringify(type)}}`,
    'base64url',
  );

/** A stream before its first event. */
export const startOfChain = (stream: string): ChainEnd => ({
  revision: -1,
  hash: hashOfStreamName(stream),
});

/**
 * Proves that `events` follow `from` (default: the beginning of the stream) without gap, each naming
 * the hash of its predecessor, and returns where the stream then stands.
 *
 * @throws {StreamUnusable} naming the first revision that does not follow, and why.
 */
export const verifyChain = (
  stream: string,
  events: readonly RecordedEvent[],
  from: ChainEnd = startOfChain(stream),
): ChainEnd => {
  let { revision, hash: previous } = from;
  for (const event of events) {
    revision += 1;
    if (event.stream !== stream)
      throw new StreamUnusable(stream, `revision ${revision} belongs to ${event.stream}`);
    if (event.revision !== revision)
      throw new StreamUnusable(stream, `revision ${event.revision} stands where ${revision} must`);
    if (predecessorNamedBy(event) !== previous)
      throw new StreamUnusable(
        stream,
        `revision ${revision} does not name the hash of what precedes it: its chain is broken`,
      );
    previous = hashOfEvent(event);
  }
  return { revision, hash: previous };
};

const predecessorNamedBy = ({ stream, revision, metadata }: RecordedEvent): unknown => {
  try {
    const parsed: unknown = JSON.parse(metadata);
    return typeof parsed === 'object' && parsed !== null && 'previous' in parsed
      ? parsed.previous
      : undefined;
  } catch {
    // The parser's own message quotes what it read, and that may be anybody's.
    throw new StreamUnusable(stream, `revision ${revision} has metadata that is not JSON`);
  }
};
