export type PublishedBatch = Readonly<{
  events: number;
  /** Of events and views. */
  records: number;
  /** Of the last event: all up to it is published. */
  position: number;
  /** That it took to read, make and commit them. */
  milliseconds: number;
  /** Milliseconds between the last event's being recorded and its being committed to the topics. */
  behind: number;
}>;

export type RepublishingProgress = Readonly<{
  /** The names of the views that are published again. */
  views: readonly string[];
  /** Rows of views.db are gone through by their keys: up to `done`, of `total`. */
  done: number;
  total: number;
  /** Keys that were deleted since this process began. */
  deleted: number;
  /** Readers have all of it. */
  over: boolean;
}>;

/** What an operator wants to hear of. All of it is told after the fact, and must not throw. */
export type PublisherObserver = Readonly<{
  /** It has fenced all others, and goes on after `position`. */
  publishing(position: number): void;
  published(batch: PublishedBatch): void;
  republishing(progress: RepublishingProgress): void;
  /** Another publisher has taken over, or the broker took this one for dead. It tries again. */
  fenced(): void;
  /** The broker, the store or the views are away, or refuse: nothing is lost, and it is tried again. */
  trouble(error: Error): void;
  /** An alarm: it must not go on before an operator has done something. `why` says what. */
  halted(why: string): void;
}>;
