import { verifyChain } from '#event-store/chain.js';
import type { EventMetadata } from '#event-store/event-codec.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import type { SentCommand } from './sent-command.js';

/** Commands that were sent, over whatever transport, and what was answered. */
export type Sent = Readonly<{
  commands: readonly SentCommand[];
  unanswered: readonly SentCommand[];
  contradictions: readonly string[];
  /** The first answer to each command, by its id. */
  acknowledged: ReadonlyMap<string, Readonly<{ body: string }>>;
}>;

/** By the name of the stream. */
export const streamsIn = (
  log: readonly RecordedEvent[],
): ReadonlyMap<string, readonly RecordedEvent[]> => Map.groupBy(log, ({ stream }) => stream);

/** The ids of the commands that are decided, as often as they are. */
export const decidedIn = (log: readonly RecordedEvent[]): readonly string[] =>
  log.flatMap((event) => {
    const { commandId, commandIndex } = metadataOf(event);
    return commandIndex === 0 ? [commandId] : [];
  });

/**
 * Every command that was sent is decided, and once, as all of its answers say; each stream is whole, and
 * so is the log.
 */
export const expectSoundLog = (log: readonly RecordedEvent[], load: Sent): void => {
  expect(load.contradictions).toEqual([]);
  expect(load.unanswered).toEqual([]);
  expect(log.map(({ position }) => position)).toEqual(log.map((_, index) => index + 1));
  for (const [stream, events] of streamsIn(log)) {
    expect(verifyChain(stream, events).revision).toBe(events.length - 1);
    for (const decision of decisionsIn(events)) expectAnswered(decision, load);
  }
  const sent = load.commands.map(({ commandId }) => commandId);
  expect(decidedIn(log).toSorted()).toEqual(sent.toSorted());
};

type Decision = [RecordedEvent, ...RecordedEvent[]];

/** The events of a stream, those of each command together. */
const decisionsIn = (events: readonly RecordedEvent[]): readonly Decision[] => {
  const decisions: Decision[] = [];
  let before: string | undefined;
  for (const event of events) {
    const { commandId } = metadataOf(event);
    if (commandId === before) decisions.at(-1)!.push(event);
    else decisions.push([event]);
    before = commandId;
  }
  return decisions;
};

const expectAnswered = (decision: Decision, load: Sent): void => {
  const [first] = decision;
  const { commandId } = metadataOf(first);
  const indexes = decision.map((event) => metadataOf(event).commandIndex);
  expect(indexes).toEqual(decision.map((_, index) => index));
  const outcome = first.type === 'CommandRejected' ? 'rejected' : 'accepted';
  const revision = decision.at(-1)!.revision;
  const answer: unknown = JSON.parse(load.acknowledged.get(commandId)!.body);
  expect(answer).toMatchObject({ commandId, outcome, revision });
};

const metadataOf = ({ metadata }: RecordedEvent): EventMetadata =>
  JSON.parse(metadata) as EventMetadata;
