import type { Decided } from '#commands/answer.js';
import type { IncomingCommand } from '#commands/incoming-command.js';
import { StoreUnavailable } from '#event-store/event-store.js';
import { backOff } from '#runtime/clock.js';
import type { Clock } from '#runtime/clock.js';
import { commandIn } from './command-record.js';
import type { GroupHeartbeat } from './group-heartbeat.js';
import type { InboundRecord } from './records.js';

/**
 * Records that are handed on in one turn of the event loop: some 10 ms, after which HTTP and heartbeats have
 * theirs. What a slice decides is on its way to the disk while the next one is read.
 */
const SLICE = 256;

/** Milliseconds before a store that is away is asked again, at first and at most. */
const FIRST_WAIT = 50;
const LONGEST_WAIT = 1_000;

export type Answered = Readonly<{ record: InboundRecord; decided: Decided }>;

type Parts = Readonly<{
  answer: (incoming: IncomingCommand) => Promise<Decided>;
  heartbeat: GroupHeartbeat;
  clock: Clock;
}>;

/**
 * Every record's answer, in their order. While the store is away records are held and handed on again, in
 * their order: the queues of `Decisions` give back all of an authorization at once.
 *
 * @throws as `heartbeat.wait`, or what `answer` threw that is no store that is away.
 */
export const answersTo = async (
  records: readonly InboundRecord[],
  parts: Parts,
): Promise<readonly Answered[]> => {
  const { heartbeat, clock } = parts;
  const answers = new Map<InboundRecord, Decided>();
  let open = records;
  for (let tries = 1; ; tries += 1) {
    const results = await handOn(open, parts);
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled') answers.set(open[index]!, result.value);
      else if (!(result.reason instanceof StoreUnavailable)) throw result.reason;
    }
    open = open.filter((record) => !answers.has(record));
    if (open.length === 0) break;
    await heartbeat.wait(backOff(clock, tries, FIRST_WAIT, LONGEST_WAIT));
  }
  return records.map((record) => ({ record, decided: answers.get(record)! }));
};

/**
 * What became of the records, or of the first of them: once one is given back no other slice is handed on.
 * The store may be back by then, and a later command would overtake an earlier one of its authorization.
 */
const handOn = async (
  records: readonly InboundRecord[],
  { answer, clock }: Parts,
): Promise<readonly PromiseSettledResult<Decided>[]> => {
  const asked: Promise<Decided>[] = [];
  const givenBack = new AbortController();
  for (let next = 0; next < records.length && !givenBack.signal.aborted; next += SLICE) {
    for (const record of records.slice(next, next + SLICE)) {
      const decided = answer(commandIn(record));
      decided.catch(() => givenBack.abort());
      asked.push(decided);
    }
    if (next + SLICE < records.length) await clock.wait(0);
  }
  return Promise.allSettled(asked);
};
