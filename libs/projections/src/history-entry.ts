import type { AuthorizationEvent } from '#capture/events.js';
import type { DecodedEvent } from '#event-store/event-codec.js';
import type { HistoryEntry } from './queries.js';

/** An event as a reader of the history sees it: what happened, who asked for it, when, and why. */
export const entryOf = (event: DecodedEvent<AuthorizationEvent>): HistoryEntry => {
  const { revision, position, eventId, type, data, metadata, recordedAt } = event;
  const { actor, commandId, commandType, issuedAt } = metadata;
  return {
    revision,
    position,
    eventId,
    kind: kindOf(event),
    type,
    data,
    who: { actor: actor ?? null, commandId, commandType },
    when: { issuedAt, recordedAt: new Date(recordedAt).toISOString() },
    why: whyOf(event),
  };
};

const kindOf = ({ type }: AuthorizationEvent): HistoryEntry['kind'] => {
  if (type === 'CommandRejected') return 'refusal';
  if (type === 'CommandHadNoEffect') return 'no_effect';
  return type === 'CaptureAnomalyDetected' ? 'anomaly' : 'event';
};

const whyOf = ({ type, data }: AuthorizationEvent): string | null => {
  if (type === 'CaptureAnomalyDetected') return data.kind;
  return 'reason' in data ? (data.reason ?? null) : null;
};
