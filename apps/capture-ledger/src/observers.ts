import type { DecisionsObserver } from '#commands/decisions-observer.js';
import type { ProjectorObserver } from '#projections/projector-observer.js';
import { logAnswer } from '#runtime/answer-log.js';
import type { Runtime } from '#runtime/runtime.js';
import type { ProjectorDoing, StoreTrouble } from './watch.js';

/** What Decisions tell, to the log and the metrics. */
export const decisionsObserver = (
  { clock, configuration, log, metrics, lifecycle }: Runtime,
  trouble: StoreTrouble,
): DecisionsObserver => ({
  answered: ({ answer, repeat }, milliseconds) => {
    metrics.answered(answer, { repeat, seconds: milliseconds / 1_000 });
    const slowFrom = configuration.slowCommandMilliseconds;
    logAnswer(log, answer, { repeat, milliseconds, slowFrom });
  },
  appended: (milliseconds) => {
    trouble.last = undefined;
    metrics.appended(milliseconds / 1_000);
  },
  anomaly: ({ kind, stream, commandId }) => {
    metrics.anomaly(kind);
    log.warn({ kind, stream, commandId }, 'an anomaly was recorded: someone should look');
  },
  unavailable: (error) => {
    // Every authorization with commands waiting tells of it, again and again.
    const isNews = trouble.last?.why !== error.message;
    trouble.last = { why: error.message, at: clock.now() };
    if (isNews) log.warn({ err: error }, 'the store is away: commands are not decided until then');
  },
  conflicted: () => metrics.conflicted(),
  resent: (stream) => {
    metrics.resent();
    log.warn({ stream }, 'the answer to an append was lost: it is sent again');
  },
  alarm: ({ error, ...about }) => log.error({ ...about, err: error }, 'someone must look'),
  fatal: (error) => lifecycle.fatal(error),
});

/** What the projector tells, to the log and the metrics, and what it is doing, for health. */
export const projectorObserver = (
  { log, metrics }: Runtime,
  doing: ProjectorDoing,
): ProjectorObserver => ({
  waiting: () => {
    doing.now = 'waiting: another process keeps the views';
    log.info({}, 'another process keeps the views; this one takes over when it has gone');
  },
  rebuilding: ({ done, total, rate }) => {
    doing.now = `rebuilding the views: ${done} of ${total} events`;
    log.debug({ done, total, rate }, 'rebuilding the views');
  },
  following: (position) => {
    doing.now = 'following';
    log.info({ position }, 'the views are kept up to date');
  },
  projected: ({ behind }) => metrics.shown(behind / 1_000),
  unusable: (trouble) => {
    doing.unusable += 1;
    log.error(trouble, 'a stream cannot be folded: its views stay as they are');
  },
  trouble: (error) => {
    doing.now = error.message;
    log.warn({ err: error }, 'the views cannot be kept; trying again');
  },
});
