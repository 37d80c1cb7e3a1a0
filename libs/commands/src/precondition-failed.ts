/** The stream is not at the revision that the sender wants. Nothing is decided, and no trace left. */
export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed';
  /** Where the stream is; -1 where nothing was ever written to it. */
  readonly revision: number;

  constructor(revision: number) {
    super(`the authorization is at revision ${revision}`);
    this.revision = revision;
  }
}
