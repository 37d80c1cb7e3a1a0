import type { RebuildProgress } from './rebuild.js';
import type { Unusable } from './view-store.js';

export type ProjectedBatch = Readonly<{
  events: number;
  /** That the views now show. */
  position: number;
  /** That the batch took. */
  milliseconds: number;
  /** Milliseconds between the last event's being recorded and its being shown. */
  behind: number;
}>;

/** What an operator wants to hear of. All of it is told after the fact, and must not throw. */
export type ProjectorObserver = Readonly<{
  /** Another process projects; this one takes over when that one has gone. */
  waiting(): void;
  /** There are no views, or none that this build can use, or the log is not the one they were made of. */
  rebuilding(progress: RebuildProgress): void;
  /** The views show everything up to `position`, and are kept up to date from here on. */
  following(position: number): void;
  projected(batch: ProjectedBatch): void;
  /** An alarm: this authorization's views stay as of the revision before. Told once per process. */
  unusable(trouble: Unusable): void;
  /** The store is away, or the views cannot be written or are damaged: nothing is lost, and it is tried again. */
  trouble(error: Error): void;
}>;
