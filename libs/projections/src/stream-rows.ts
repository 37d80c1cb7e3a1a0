import type { RecordedEvent } from '#event-store/event-store.js';
import { initialDocument } from './authorization-document.js';
import type { AuthorizationDocument } from './authorization-document.js';
import { foldRecorded } from './fold-recorded.js';
import { namesIn } from './names.js';
import type { Name } from './names.js';
import type { Change, Unusable, ViewStore } from './view-store.js';

type Open = {
  /** Of the first event. */
  readonly id: number;
  document: AuthorizationDocument;
  readonly names: Name[];
  trouble: Unusable | undefined;
};

/**
 * Makes rows of a log that comes grouped by stream, in pages that may cut a stream anywhere: one row
 * for each stream once its last event is there. They are the rows that {@link ViewFold} would make.
 */
export class StreamRows {
  readonly #views: ViewStore;
  readonly #alarm: (trouble: Unusable) => void;
  #open: Open | undefined;

  constructor(views: ViewStore, alarm: (trouble: Unusable) => void) {
    this.#views = views;
    this.#alarm = alarm;
  }

  /** @throws {UnknownEvent} a newer release wrote one of them. */
  add(page: readonly RecordedEvent[]): void {
    const ended: Open[] = [];
    for (let from = 0; from < page.length;) {
      const { stream } = page[from]!;
      let to = from + 1;
      while (page[to]?.stream === stream) to += 1;
      if (this.#open && this.#open.document.stream !== stream) ended.push(this.#open);
      this.#open = this.#continued(page.slice(from, to));
      from = to;
    }
    this.#keep(ended);
  }

  /** There are no more events. */
  end(): void {
    if (this.#open) this.#keep([this.#open]);
    this.#open = undefined;
  }

  #continued(events: readonly RecordedEvent[]): Open {
    const [first] = events;
    const { stream, position } = first!;
    const open =
      this.#open?.document.stream === stream
        ? this.#open
        : { id: position, document: initialDocument(stream), names: [], trouble: undefined };
    if (open.trouble) return open;
    const { document, events: folded, trouble } = foldRecorded(open.document, events);
    open.document = document;
    for (const event of folded) open.names.push(...namesIn(event));
    if (trouble) open.trouble = { stream, revision: document.revision + 1, why: trouble.message };
    return open;
  }

  #keep(ended: readonly Open[]): void {
    const unusable = ended.flatMap(({ trouble }) => trouble ?? []);
    const changes = ended.filter(({ document }) => document.revision >= 0).map(changeOf);
    // The checkpoint is set when all rows are there.
    const found = this.#views.keep({ changes, unusable, checkpoint: this.#views.checkpoint() });
    for (const trouble of found) this.#alarm(trouble);
  }
}

const changeOf = ({ id, document, names }: Open): Change => ({
  id,
  before: undefined,
  after: document,
  names,
});
