/** This build must not open this store; the message says why, and what would help. */
export class StoreRefused extends Error {
  override readonly name: string = 'StoreRefused';
}
