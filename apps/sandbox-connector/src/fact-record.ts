import type { Fact } from '#capture/commands.js';
import type { OutRecord } from '#kafka/records.js';
import { SOURCE } from './outcomes.js';

/**
 * A fact for the topic of commands: CloudEvents' Kafka binding in binary mode. Its members stand in the
 * order in which they were made, so the same fact gives the same bytes.
 */
export const factRecord = (
  fact: Fact,
  correlationId: string | undefined,
  topic: string,
): OutRecord => {
  const { type, commandId, issuedAt, actor: _, ...members } = fact;
  return {
    topic,
    key: fact.authorizationId,
    value: JSON.stringify(members),
    headers: {
      ce_specversion: '1.0',
      ce_id: commandId,
      ce_type: type,
      ce_source: SOURCE,
      ce_time: issuedAt,
      ...(correlationId !== undefined && { ce_correlationid: correlationId }),
      'content-type': 'application/json',
    },
  };
};
