import type { AuthorizationEvent, CommandRejected } from '#capture/events.js';
import { keyOf } from '#capture/stream-name.js';
import type { EventMetadata } from '#event-store/event-codec.js';
import type { Answer, Decided } from './answer.js';

/** An event of a decision: as it was just decided, or as it was read back. */
export type AnsweringEvent = Readonly<{
  event: AuthorizationEvent;
  metadata: Pick<EventMetadata, 'commandId' | 'commandType'>;
  revision: number;
}>;

/**
 * The answer to the command that left these events: all that a sender is ever told, from nothing but
 * what is stored. Asked again after years it gives the same bytes.
 *
 * @param events all events of one command, in order; never none.
 */
export const decidedIn = (
  stream: string,
  events: readonly [AnsweringEvent, ...AnsweringEvent[]],
): Omit<Decided, 'repeat'> => {
  const [{ event: first, metadata }] = events;
  const { commandId, commandType } = metadata;
  const answer: Answer = {
    commandId,
    commandType,
    outcome: first.type === 'CommandRejected' ? 'rejected' : 'accepted',
    ...keyOf(stream),
    ...idNamed('captureId', events),
    ...idNamed('refundId', events),
    revision: events[0].revision + events.length - 1,
    ...(first.type === 'CommandRejected' && refusalIn(first)),
  };
  const created = createdBy(first);
  return created ? { answer, created } : { answer };
};

const idNamed = (
  member: 'captureId' | 'refundId',
  events: readonly AnsweringEvent[],
): Readonly<Record<string, string>> => {
  for (const { event } of events) {
    const id: unknown = Reflect.get(event.data, member);
    if (typeof id === 'string') return { [member]: id };
  }
  return {};
};

const createdBy = ({ type }: AuthorizationEvent): Decided['created'] => {
  if (type === 'AuthorizationRegistered') return 'authorization';
  if (type === 'CaptureCreated') return 'capture';
  return type === 'RefundRequested' ? 'refund' : undefined;
};

/** Details in the order in which the store keeps them, so that a fresh answer has a repeated one's bytes. */
const refusalIn = ({
  data: { reason, details },
}: CommandRejected): Pick<Answer, 'reason' | 'details'> => {
  const numbers = Object.entries(details).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return numbers.length === 0 ? { reason } : { reason, details: Object.fromEntries(numbers) };
};
