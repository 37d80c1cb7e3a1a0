import type { EventMetadata } from '#event-store/event-codec.js';
import type { Findings } from '../findings.js';
import { idOfLetter } from '../letters.js';
import type { SimulatedLog } from '../simulated-log.js';
import type { RecordWitness } from './record-witness.js';
import type { SimulatedTopic } from './simulated-topic.js';

/**
 * The commands of an authorization are decided in the order of the offsets at which each came first,
 * whoever had its partition in the meantime. It holds also where two members work on the same records,
 * of which one does not know yet that it is none any more: each begins at an offset before which all is
 * decided, hands records on in order, and gets back all that waits behind one that cannot be decided
 * now. What the other one was first with is found decided. So nothing is decided before what precedes it.
 *
 * @param streams of authorizations whose commands came by the topic alone.
 */
export const proveOrder = (
  log: SimulatedLog,
  commands: SimulatedTopic,
  witness: RecordWitness,
  streams: ReadonlySet<string>,
  findings: Findings,
): void => {
  const firsts = firstOffsets(commands, witness);
  const latest = new Map<string, bigint>();
  for (const { stream, revision, metadata } of log.after(0, Infinity)) {
    const { commandId, fingerprint } = JSON.parse(metadata) as EventMetadata;
    if (!streams.has(stream)) continue;
    const offset = firsts.get(idOfLetter({ stream, command: { commandId }, fingerprint })) ?? -1n;
    const before = latest.get(stream) ?? -1n;
    if (offset < before)
      findings.violated(
        'overtaken',
        `${stream} revision ${revision} (${commandId}) came at offset ${offset}, after ${before}`,
      );
    latest.set(stream, offset);
  }
};

const firstOffsets = (
  commands: SimulatedTopic,
  witness: RecordWitness,
): ReadonlyMap<string, bigint> => {
  const firsts = new Map<string, bigint>();
  for (const record of commands.records()) {
    const sent = witness.sentAs(record);
    if (typeof sent !== 'object') continue;
    const id = idOfLetter(sent);
    if (!firsts.has(id)) firsts.set(id, record.offset);
  }
  return firsts;
};
