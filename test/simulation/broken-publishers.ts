// Publishers that are broken on purpose, each in one place: what they say to the topics is another.
import { isFenced } from '#projections/publication-sink.js';
import { withPublish } from '../projections/publishing/with-publish.js';
import type { AroundSink } from './surroundings.js';

/** Checkpoint before publish: in a transaction of its own. */
export const checkpointFirst: AroundSink = (sink) =>
  withPublish(sink, async (records, checkpoint) => {
    await sink.publish([], checkpoint);
    await sink.publish(records, checkpoint);
  });

/** One that was fenced goes on: it takes the topics back, and sends what it was about to send. */
export const goingOnWhenFenced: AroundSink = (sink) =>
  withPublish(sink, (records, checkpoint) =>
    sink.publish(records, checkpoint).catch(async (error: unknown) => {
      if (!isFenced(error)) throw error;
      await sink.fence();
      return sink.publish(records, checkpoint);
    }),
  );

/** What had no answer is sent again, though it may have been committed. */
export const sendingAgain: AroundSink = (sink) =>
  withPublish(sink, (records, checkpoint) =>
    sink.publish(records, checkpoint).catch(async (error: unknown) => {
      if (isFenced(error)) throw error;
      await sink.fence();
      return sink.publish(records, checkpoint);
    }),
  );
