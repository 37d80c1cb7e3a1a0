import type { InboundRecord, OutRecord } from '#kafka/records.js';
import { registration } from '../commands/submitted.js';
import { aCapture, binaryMode, recordOf } from './sent-record.js';
import type { Sent } from './sent-record.js';

/** The records of one authorization. */
const authorization = (id: string) => ({
  id,
  stream: `authorization-default/${id}`,
  registered: (): InboundRecord =>
    binaryMode({ ...registration, commandId: 'register', authorizationId: id }),
  captured: (n: number, amount = 1, sent: Sent = {}): InboundRecord =>
    binaryMode(
      aCapture({ commandId: `c${n}`, authorizationId: id, captureId: `cap-${n}`, amount }),
      sent,
    ),
  /** Under its key, and no command. */
  poison: (): InboundRecord => recordOf({ key: id, value: '{' }),
  /** What its answers are known by, from how they end: `c1/accepted`. */
  answerIds: (...ends: readonly string[]): readonly string[] =>
    ends.map((end) => `default/${id}/${end}`),
});

export type Authorization = ReturnType<typeof authorization>;

let authorizations = 0;

/** One that nobody has heard of. */
export const anAuthorization = (): Authorization => {
  authorizations += 1;
  return authorization(`auth-${authorizations}`);
};

export const commandIdOf = ({ headers }: InboundRecord): string =>
  String(headers.get('ce_id')?.at(-1));

export const idsOf = (records: readonly OutRecord[]) =>
  records.map(({ headers }) => headers['ce_id']);
