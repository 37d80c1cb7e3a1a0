import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '#runtime/clock.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { Trouble, causeOf } from '#runtime/trouble.js';
import type { Destination } from './destination.js';
import { GaveUp, PatientSink } from './patient-sink.js';
import { ProgressFile } from './progress-file.js';
import type { Progress } from './progress-file.js';
import { ProgressReport } from './progress-report.js';
import { sendFile } from './send-file.js';
import { Sending } from './sending.js';
import { askWhereSilent } from './silence.js';
import { Tally, grouped, tableOf } from './tally.js';

const SAVE_EVERY_MS = 1_000;

export type SendRun = Readonly<{
  path: string;
  to: Destination;
  concurrency: number;
  merchantAccountId: string;
  clock: Clock;
  /** Aborted by whoever wants it to stop. */
  stop: AbortController;
}>;

/**
 * Sends a file from where an earlier run left off; tells on stderr how far it is, and in the end on
 * stdout what became of the lines. False: it was stopped before the end.
 *
 * @throws {Trouble} the file cannot be read, nothing can be kept beside it, or nobody answers.
 */
export const runSend = async (run: SendRun): Promise<boolean> => {
  const file = await opened(run);
  try {
    return await sent(run, file);
  } finally {
    await file.close();
  }
};

const sent = async (run: SendRun, file: FileHandle): Promise<boolean> => {
  const { path, to, concurrency, merchantAccountId, clock, stop } = run;
  const progress = new ProgressFile(file, path, `${to.name} ${merchantAccountId}`);
  const from = await begun(progress);
  const report = new ProgressReport(process.stderr, (await file.stat()).size);
  const sending = new Sending(from, stop.signal, (...line) => report.counted(...line));
  const sink = new PatientSink(await to.open(), clock, stop.signal);
  stop.signal.addEventListener('abort', () => sink.close());

  const ended = new AbortController();
  const saved = saveNowAndThen(progress, sending, run, ended.signal);
  const asked = askWhereSilent(run, sink, (line) => report.say(line), ended.signal);
  report.begin(sending);
  await sendFile({ file, sending, sink, concurrency, merchantAccountId, stop });
  const { lines, seconds } = report.end();
  ended.abort();
  await Promise.all([saved, asked]);
  sink.close();

  const complete = !stop.signal.aborted;
  await (complete ? progress.remove() : save(progress, sending));
  tell(sending, { lines, seconds, complete });
  if (!complete) throwIfTrouble(run);
  return complete;
};

const tell = (
  { tally, place }: Sending,
  { lines, seconds, complete }: Readonly<{ lines: number; seconds: number; complete: boolean }>,
): void => {
  if (lines === 0 && !complete) return;
  const rate = grouped(Math.round(lines / seconds));
  process.stdout.write(`${tableOf(tally)}\n\n`);
  process.stdout.write(`  ${grouped(lines)} lines in ${seconds.toFixed(1)} s, ${rate} a second\n`);
  if (complete) return;
  process.stdout.write(`  stopped after line ${grouped(place.lines)}: the same command goes on\n`);
};

const opened = async ({ path }: SendRun): Promise<FileHandle> => {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new Error('it is no file');
  } catch (error) {
    throw new Trouble({
      what: `Cannot read ${path}`,
      cause: error,
      cures: [
        { command: 'ls examples/commands', effect: 'shows files to send' },
        { command: 'npm run -s shop-day > day.ndjson', effect: 'makes one' },
      ],
      exitCode: exitCodes.usage,
    });
  }
};

/** Where an earlier run left off. It is saved at once, so that a folder that takes no file is noticed now. */
const begun = async (progress: ProgressFile): Promise<Progress> => {
  const kept = await progress.load();
  if (kept) {
    const lines = grouped(kept.place.lines);
    process.stderr.write(`going on after line ${lines}, as ${progress.path} says\n`);
  }
  const from = kept ?? { place: { offset: 0, lines: 0 }, tally: new Tally() };
  await save(progress, from);
  return from;
};

const saveNowAndThen = async (
  progress: ProgressFile,
  sending: Sending,
  { clock, stop }: SendRun,
  ended: AbortSignal,
): Promise<void> => {
  for (;;) {
    await clock.wait(SAVE_EVERY_MS, ended);
    if (ended.aborted) return;
    await save(progress, sending).catch((error: unknown) => stop.abort(error));
  }
};

const save = async (progress: ProgressFile, now: Progress): Promise<void> => {
  try {
    await progress.save(now);
  } catch (error) {
    throw new Trouble({
      what: `Cannot keep the progress in ${progress.path}`,
      cause: error,
      cures: [{ command: 'cp FILE /tmp', effect: 'and send it from there, or make room' }],
      exitCode: exitCodes.unexpected,
    });
  }
};

/** Why it was stopped, unless somebody just wanted it to. */
const throwIfTrouble = ({ to, stop }: SendRun): void => {
  const reason: unknown = stop.signal.reason;
  if (reason instanceof DOMException) return;
  if (!(reason instanceof GaveUp)) throw reason;
  const { tries, milliseconds } = reason;
  const seconds = (milliseconds / 1000).toFixed(1);
  throw to.unreachable(`${causeOf(reason.cause)}, ${tries} tries in ${seconds} s`);
};
