import type { PartHealth } from '#runtime/health.js';
import type { Runtime } from '#runtime/runtime.js';
import type { PublicationObserver } from './publication.js';

/** What the publisher of this process was last heard to be doing. */
export type PublisherDoing = {
  now: 'starting' | 'waiting' | 'away' | 'publishing' | 'in trouble' | 'halted';
  detail: string | undefined;
  /** Up to which all is published; undefined while another process publishes, or none has. */
  position: number | undefined;
  /** Milliseconds since 1970: when it last began or published something. */
  at: number;
};

/** Milliseconds for which events may wait before somebody should look. */
const WAITS_MAX = 10_000;

/** What the publisher tells, to the log and the metrics, and what it is doing, for health. */
export const publisherObserver = (
  { clock, log, metrics: { publication: metrics } }: Runtime,
  doing: PublisherDoing,
): PublicationObserver => {
  const becomes = (now: PublisherDoing['now'], detail?: string): boolean => {
    const isNews = doing.now !== now || doing.detail !== detail;
    doing.now = now;
    doing.detail = detail;
    return isNews;
  };
  return {
    waiting: () => {
      doing.position = undefined;
      metrics.halted(false);
      becomes('waiting', 'another process publishes');
    },
    away: (error) => {
      if (becomes('away', error.message))
        log.warn({ reason: error.message }, 'nothing is published: the broker is away');
    },
    publishing: (position) => {
      doing.position = position;
      doing.at = clock.now();
      metrics.halted(false);
      if (becomes('publishing')) log.info({ position }, 'events and views are published');
    },
    published: (batch) => {
      doing.position = batch.position;
      doing.at = clock.now();
      metrics.published(batch);
      log.debug(batch, 'a batch is published');
    },
    republishing: ({ views, done, total, deleted, over }) => {
      becomes('publishing', over ? undefined : `${views.join(', ')} again: ${done} of ${total}`);
      const sentence = over ? 'all keys of views are published again' : 'publishing views again';
      log[over ? 'info' : 'debug']({ views, done, total, deleted }, sentence);
    },
    fenced: () => {
      metrics.fenced();
      if (becomes('in trouble', 'the broker refuses this publisher: another has taken over'))
        log.warn(
          {},
          'the broker refuses this publisher: another has taken over, or this one was too slow; it tries again',
        );
    },
    trouble: (error) => {
      metrics.retried();
      if (becomes('in trouble', error.message))
        log.warn({ err: error }, 'nothing is published for now; it is tried again');
    },
    halted: (why) => {
      metrics.halted(true);
      if (becomes('halted', why)) log.error({ why }, 'the publisher has halted: someone must act');
    },
  };
};

/**
 * Red where nothing is published; the ledger decides and answers without it, and readers of its topics wait.
 *
 * @param waiting events that are shown or not, and not published.
 * @param time milliseconds since 1970.
 */
export const publisherHealth = (
  { now, detail, at }: PublisherDoing,
  { waiting, time }: Readonly<{ waiting: number; time: number }>,
): PartHealth => {
  if (now === 'publishing' && waiting > 0 && time - at > WAITS_MAX) {
    const since = `${waiting} events wait, and none was published for ${time - at} ms`;
    return { status: 'degraded', detail: `${since}: are the views kept up to date?` };
  }
  if (now === 'publishing' || now === 'waiting')
    return { status: 'up', ...(detail !== undefined && { detail }) };
  return { status: 'down', detail: detail === undefined ? now : `${now}: ${detail}` };
};
