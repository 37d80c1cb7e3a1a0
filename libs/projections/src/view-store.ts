import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AuthorizationDocument } from './authorization-document.js';
import { decodeDocument, encodeDocument } from './document-codec.js';
import type { Name } from './names.js';
import { changedCaptures, merchantOf, statusIn } from './view-rows.js';

/** How far the views have come: the position and id of the last event that they show; 0 and '' at first. */
export type Checkpoint = Readonly<{ position: number; eventId: string }>;

/** A document and the key of its row: the position at which its stream begins. */
export type Kept = Readonly<{ id: number; document: AuthorizationDocument }>;

/** A document that went on. */
export type Change = Readonly<{
  id: number;
  /** Undefined where there is no row yet. */
  before: AuthorizationDocument | undefined;
  after: AuthorizationDocument;
  /** That its new events gave. */
  names: readonly Name[];
}>;

/** From this revision on a stream cannot be folded. */
export type Unusable = Readonly<{ stream: string; revision: number; why: string }>;

/** What one batch of events makes of the views. */
export type Batch = Readonly<{
  changes: readonly Change[];
  unusable: readonly Unusable[];
  checkpoint: Checkpoint;
}>;

/** Writes views. Whoever has one has the projector's lock, and is the only one. */
export class ViewStore {
  readonly #database: DatabaseSync;
  readonly #ofStream: StatementSync;
  readonly #checkpoint: StatementSync;
  readonly #unusable: StatementSync;
  readonly #addDocument: StatementSync;
  readonly #keepDocument: StatementSync;
  readonly #keepStatus: StatementSync;
  readonly #addCapture: StatementSync;
  readonly #keepCaptureStatus: StatementSync;
  readonly #keepName: StatementSync;
  readonly #keepUnusable: StatementSync;
  readonly #keepCheckpoint: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#ofStream = database.prepare('SELECT id, document FROM authorizations WHERE stream = ?');
    this.#checkpoint = database.prepare('SELECT position, event_id FROM checkpoint');
    this.#unusable = database.prepare('SELECT stream, revision, why FROM unusable');
    this.#addDocument = database.prepare(
      'INSERT INTO authorizations(id, stream, merchant, status, document) VALUES (?, ?, ?, ?, ?)',
    );
    // An index is written whenever its column is named, the same value or not.
    this.#keepDocument = database.prepare('UPDATE authorizations SET document = ? WHERE id = ?');
    this.#keepStatus = database.prepare('UPDATE authorizations SET status = ? WHERE id = ?');
    this.#addCapture = database.prepare(
      `INSERT INTO captures(position, authorization, sequence, merchant, status, waits_since)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#keepCaptureStatus = database.prepare('UPDATE captures SET status = ? WHERE position = ?');
    this.#keepName = database.prepare(
      'INSERT OR IGNORE INTO names(name, kind, merchant, authorization) VALUES (?, ?, ?, ?)',
    );
    this.#keepUnusable = database.prepare(
      'INSERT OR IGNORE INTO unusable(stream, revision, why) VALUES (?, ?, ?)',
    );
    this.#keepCheckpoint = database.prepare('UPDATE checkpoint SET position = ?, event_id = ?');
  }

  checkpoint(): Checkpoint {
    const [position, eventId] = this.#checkpoint.get() as unknown as [number, string];
    return { position, eventId };
  }

  /** The streams that cannot be folded, and since when. */
  unusable(): readonly Unusable[] {
    const rows = this.#unusable.all() as unknown as [string, number, string][];
    return rows.map(([stream, revision, why]) => ({ stream, revision, why }));
  }

  document(stream: string): Kept | undefined {
    const row = this.#ofStream.get(stream) as unknown as [number, string] | undefined;
    return row && { id: row[0], document: decodeDocument(stream, row[1]) };
  }

  /** Keeps all of the batch, or nothing. Returns the streams that are unusable only now. */
  keep({ changes, unusable, checkpoint }: Batch): readonly Unusable[] {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const change of changes) this.#keepChange(change);
      const found = unusable.filter(
        ({ stream, revision, why }) => this.#keepUnusable.run(stream, revision, why).changes > 0,
      );
      this.#keepCheckpoint.run(checkpoint.position, checkpoint.eventId);
      this.#database.exec('COMMIT');
      return found;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  #keepChange({ id, before, after, names }: Change): void {
    const merchant = merchantOf(after);
    const status = statusIn(after);
    const json = encodeDocument(after);
    if (before) this.#keepDocument.run(json, id);
    else this.#addDocument.run(id, after.stream, merchant, status, json);
    if (before && status !== statusIn(before)) this.#keepStatus.run(status, id);
    for (const row of changedCaptures(after, before)) {
      const { position, sequence, waitsSince } = row;
      if (row.isNew) this.#addCapture.run(position, id, sequence, merchant, row.status, waitsSince);
      else this.#keepCaptureStatus.run(row.status, position);
    }
    for (const { kind, name } of names) this.#keepName.run(name, kind, merchant, id);
  }
}
