import type { Clock } from '#runtime/clock.js';
import type { Destination } from './destination.js';
import type { PatientSink } from './patient-sink.js';

/** Longer than any answer takes, but where a ledger takes over from one that was killed. */
const SILENCE_MS = 15_000;

/** While no answer comes, asks now and then whether there is a ledger: one that is not there cannot say so. */
export const askWhereSilent = async (
  { to, clock }: Readonly<{ to: Destination; clock: Clock }>,
  sink: Pick<PatientSink, 'lastAnswerAt'>,
  say: (line: string) => void,
  ended: AbortSignal,
): Promise<void> => {
  const { silence } = to;
  if (silence === undefined) return;
  const since = clock.now();
  for (let next = since + SILENCE_MS; ;) {
    await clock.wait(Math.max(0, next - clock.now()), ended);
    if (ended.aborted) return;
    const heard = sink.lastAnswerAt ?? since;
    const silent = clock.now() - heard;
    const isLong = silent >= SILENCE_MS;
    if (isLong) say(`no answer for ${Math.round(silent / 1_000)} s: ${silence}`);
    next = (isLong ? clock.now() : heard) + SILENCE_MS;
  }
};
