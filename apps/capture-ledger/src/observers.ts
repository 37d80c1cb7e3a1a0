import type { DecisionsObserver } from '#commands/decisions-observer.js';
import type { ProjectorObserver } from '#projections/projector-observer.js';
import { logAnswer } from '#runtime/answer-log.js';
import type { Runtime } from '#runtime/runtime.js';

/** What Decisions tell, to the log and the metrics. */
export const decisionsObserver = ({
  configuration,
  log,
  metrics,
  lifecycle,
}: Runtime): DecisionsObserver => ({
  answered: ({ answer, repeat }, milliseconds) => {
    metrics.answered(answer, { repeat, seconds: milliseconds / 1_000 });
    const slowFrom = configuration.slowCommandMilliseconds;
    logAnswer(log, answer, { repeat, milliseconds, slowFrom });
  },
  appended: (position, milliseconds) =>
    metrics.appended({ position, seconds: milliseconds / 1_000 }),
  conflicted: () => metrics.conflicted(),
  resent: (stream) => {
    metrics.resent();
    log.warn({ stream }, 'the answer to an append was lost: it is sent again');
  },
  alarm: ({ error, ...about }) => log.error({ ...about, err: error }, 'someone must look'),
  fatal: (error) => lifecycle.fatal(error),
});

/** What the projector tells; health is told apart. */
export const projectorObserver = ({ log, metrics, health }: Runtime): ProjectorObserver => {
  let unusable = 0;
  let doing = 'starting';
  health.watch('projector', () =>
    doing === 'following' && unusable === 0
      ? { status: 'up' }
      : {
          status: 'degraded',
          detail: unusable > 0 ? `${unusable} streams cannot be folded` : doing,
        },
  );
  return {
    waiting: () => {
      doing = 'waiting: another process projects';
      log.info({}, 'another process keeps the views; this one takes over when it has gone');
    },
    rebuilding: ({ done, total, rate }) => {
      doing = `rebuilding: ${done} of ${total} events`;
      log.debug({ done, total, rate }, 'rebuilding the views');
    },
    following: (position) => {
      doing = 'following';
      metrics.projectedTo(position);
      log.info({ position }, 'the views are kept up to date');
    },
    projected: ({ position, behind }) => {
      metrics.projectedTo(position);
      metrics.shown(behind / 1_000);
    },
    unusable: (trouble) => {
      unusable += 1;
      log.error(trouble, 'a stream cannot be folded: its views stay as they are');
    },
    trouble: (error) => {
      doing = error.message;
      log.warn({ err: error }, 'the views cannot be kept; trying again');
    },
  };
};
