import type { PublicationSink } from '#projections/publication-sink.js';

/** A sink that publishes otherwise. */
export const withPublish = (
  sink: PublicationSink,
  publish: PublicationSink['publish'],
): PublicationSink => ({
  fence: () => sink.fence(),
  lastCheckpoint: () => sink.lastCheckpoint(),
  publish,
  holdsEvents: () => sink.holdsEvents(),
  neverWritten: (channels) => sink.neverWritten(channels),
  keys: (view) => sink.keys(view),
  close: () => sink.close(),
});
