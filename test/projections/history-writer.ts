// Histories as the ledger writes them: encoded, chained, each command's events with their metadata.
import type { Authorization } from '#capture/authorization.js';
import type { AuthorizationCommand } from '#capture/commands.js';
import { authorizationDecider, record } from '#capture/decide.js';
import { fold } from '#capture/decider.js';
import type { AuthorizationEvent } from '#capture/events.js';
import { streamOf } from '#capture/stream-name.js';
import type { AuthorizationKey } from '#capture/stream-name.js';
import { startOfChain } from '#event-store/chain.js';
import { encodeEvents } from '#event-store/event-codec.js';
import type { EventMetadata } from '#event-store/event-codec.js';
import type { EventStore, NewEvent, RecordedEvent } from '#event-store/event-store.js';
import { at } from '../capture/fixtures.js';

export const key = (authorizationId: string, merchantAccountId = 'default'): AuthorizationKey => ({
  merchantAccountId,
  authorizationId,
});

type Told = Partial<Pick<EventMetadata, 'issuedAt' | 'actor' | 'commandId' | 'commandType'>>;
type Append = Readonly<{
  stream: string;
  events: readonly NewEvent[];
  expectedRevision: number;
}>;
type End = { revision: number; hash: string; events: AuthorizationEvent[] };

/** Knows where each stream stands. One command's events are one append. */
export class HistoryWriter {
  readonly #ends = new Map<string, End>();

  encode(to: AuthorizationKey, events: readonly AuthorizationEvent[], told: Told = {}): Append {
    const stream = streamOf(to);
    const end = this.#endOf(stream);
    const expectedRevision = end.revision;
    const metadata = {
      commandId: `cmd-${expectedRevision + 1}`,
      commandType: 'RecordCaptureOutcome',
      fingerprint: '1:anything',
      issuedAt: at(expectedRevision + 1),
      schemaVersion: 1,
      ...told,
    };
    const encoded = encodeEvents(
      stream,
      end.hash,
      events.map((event, commandIndex) => ({ event, metadata: { ...metadata, commandIndex } })),
    );
    end.revision += events.length;
    end.hash = encoded.hash;
    end.events.push(...events);
    return { stream, events: encoded.events, expectedRevision };
  }

  /** What comes of a command, on the stream as it stands. */
  decide(command: AuthorizationCommand): Append {
    const state = this.stateOf(command);
    const events = record(command, authorizationDecider.decide(command, state), state);
    const { commandId, issuedAt } = command;
    return this.encode(command, events, { commandId, issuedAt, commandType: command.type });
  }

  stateOf(of: AuthorizationKey): Authorization {
    return fold(authorizationDecider, this.#endOf(streamOf(of)).events);
  }

  #endOf(stream: string): End {
    const end = this.#ends.get(stream) ?? { ...startOfChain(stream), events: [] };
    this.#ends.set(stream, end);
    return end;
  }
}

/** The log that appends make, in the order in which they came. */
export const logOf = (appends: readonly Append[]): readonly RecordedEvent[] =>
  appends
    .flatMap(({ stream, events, expectedRevision }) =>
      events.map((event, index) => ({ ...event, stream, revision: expectedRevision + 1 + index })),
    )
    .map((event, index) => ({
      ...event,
      position: index + 1,
      recordedAt: Date.parse(at(0)) + index,
    }));

/** Writes to a real store. */
export class Books {
  readonly #store: EventStore;
  readonly #writer = new HistoryWriter();

  constructor(store: EventStore) {
    this.#store = store;
  }

  write(
    to: AuthorizationKey,
    events: readonly AuthorizationEvent[],
    told: Told = {},
  ): Promise<unknown> {
    return this.#append(this.#writer.encode(to, events, told));
  }

  decide(command: AuthorizationCommand): Promise<unknown> {
    return this.#append(this.#writer.decide(command));
  }

  #append({ stream, events, expectedRevision }: Append): Promise<unknown> {
    return this.#store.append(stream, events, expectedRevision);
  }
}
