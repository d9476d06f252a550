/** A file in the store, as it travels through a history. */
export interface ObjectRef {
  readonly key: string;
  readonly sha256: string;
}
