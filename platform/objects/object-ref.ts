/** A file in the store, as workflow histories hold it. */
export interface ObjectRef {
  readonly key: string;
  readonly sha256: string;
}
