import { evolve, initialState } from '#capture/evolve.js';
import type { Authorization } from '#capture/authorization.js';
import type { AuthorizationEvent } from '#capture/events.js';
import { bytesOfEvent } from '#event-store/append-limits.js';
import { startOfChain, verifyChain } from '#event-store/chain.js';
import type { ChainEnd } from '#event-store/chain.js';
import { UnknownEvent } from '#event-store/event-codec.js';
import type { DecodedEvent } from '#event-store/event-codec.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { decidedIn } from './answer-of.js';
import type { AnsweringEvent } from './answer-of.js';
import type { Decided } from './answer.js';
import { isKnownFingerprint } from './fingerprint.js';

/** A command that was decided, and what its sender was told. */
export type DecidedCommand = Readonly<{ fingerprint: string; decided: Omit<Decided, 'repeat'> }>;

/** All that deciding on one stream needs: a fold of its events, up to `end`. */
export type StreamHistory = Readonly<{
  stream: string;
  end: ChainEnd;
  /** Stored bytes of all its events. */
  bytes: number;
  authorization: Authorization;
  /** By command id: every command ever decided here. */
  decided: ReadonlyMap<string, DecidedCommand>;
}>;

export const emptyHistory = (stream: string): StreamHistory => ({
  stream,
  end: startOfChain(stream),
  bytes: 0,
  authorization: initialState,
  decided: new Map(),
});

/**
 * The history with the events that follow it.
 *
 * @throws {StreamUnusable} they do not follow, or cannot be folded.
 * @throws {UnknownEvent} a newer release wrote one of them.
 */
export const continued = (
  history: StreamHistory,
  events: readonly RecordedEvent[],
  decode: (event: RecordedEvent) => DecodedEvent<AuthorizationEvent>,
): StreamHistory => {
  const { stream } = history;
  const end = verifyChain(stream, events, history.end);
  const decided = new Map(history.decided);
  let { authorization, bytes } = history;
  let command: AnsweringEvent[] = [];
  for (const recorded of events) {
    const event = decode(recorded);
    bytes += bytesOfEvent(recorded);
    if (!isKnownFingerprint(event.metadata.fingerprint))
      throw new UnknownEvent(recorded, 'with a fingerprint by a recipe');
    authorization = evolve(authorization, event);
    const { metadata, revision } = event;
    if (command[0]?.metadata.commandId !== metadata.commandId) command = [];
    command.push({ event, metadata, revision });
    const [first, ...others] = command;
    if (!first) continue;
    const { commandId, fingerprint } = metadata;
    decided.set(commandId, { fingerprint, decided: decidedIn(stream, [first, ...others]) });
  }
  return { stream, end, bytes, authorization, decided };
};
