// What a ledger tells its operator, as findings.
import type { DecisionsObserver } from '#commands/decisions-observer.js';
import type { KafkaObserver } from '#kafka/kafka-observer.js';
import type { ProjectorObserver } from '#projections/projector-observer.js';
import type { PublisherObserver } from '#projections/publisher-observer.js';
import type { Findings } from './findings.js';

export const decisionsObserver = (
  findings: Findings,
  fatal: (error: Error) => void,
): DecisionsObserver => ({
  answered: () => undefined,
  appended: () => undefined,
  anomaly: () => undefined,
  unavailable: () => undefined,
  conflicted: () => findings.meet('conflict'),
  resent: () => findings.meet('append sent again'),
  alarm: ({ what, stream, commandId, error }) => {
    // That one comes of what senders do; all others would come of what the ledger does.
    if (what === 'fact_under_reused_command_id') return;
    findings.violated('alarm', `${what}: ${stream} ${commandId} ${String(error)}`);
  },
  fatal,
});

export const projectorObserver = (
  findings: Findings,
  projected: () => void,
): ProjectorObserver => ({
  waiting: () => findings.meet('projector waits for another'),
  rebuilding: () => findings.meet('views rebuilt'),
  following: () => undefined,
  projected,
  unusable: ({ stream, why }) => findings.violated('alarm', `${stream}: ${why}`),
  trouble: () => findings.meet('projector held up'),
});

export const publisherObserver = (findings: Findings): PublisherObserver => ({
  publishing: () => undefined,
  published: () => undefined,
  republishing: () => undefined,
  fenced: () => findings.meet('publisher fenced'),
  trouble: () => findings.meet('publisher held up'),
  halted: (why) => findings.violated('alarm', why),
});

export const kafkaObserver = (
  findings: Findings,
  fatal: (error: Error) => void,
): KafkaObserver => ({
  consuming: () => undefined,
  restarted: () => undefined,
  commitRefused: () => findings.meet('commit refused'),
  holding: () => undefined,
  worked: () => undefined,
  resent: () => undefined,
  publishFailed: () => findings.meet('published again'),
  published: () => undefined,
  copyFailed: () => undefined,
  deadLettered: () => undefined,
  fatal,
});
