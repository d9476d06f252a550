/** What the store knows of one object. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  /** When it was written, by the store's clock, in whole seconds. ISO-8601 UTC. */
  readonly modifiedAt: string;
}

/** An object written by us: its digest is of the bytes that were sent. */
export interface StoredObject {
  readonly key: string;
  readonly uri: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * Objects in one bucket, by key. Errors: `OBJECT_NOT_FOUND`, `STORE_UNREACHABLE` (worth a retry), `STORE_DENIED`.
 */
export interface ObjectStore {
  readonly bucket: string;
  uri(key: string): string;
  /** The key of an `s3://<this bucket>/…` URI; throws `OBJECT_URI_INVALID` for any other. */
  keyOf(uri: string): string;
  /** Writes whatever is there; for attempt-unique names. */
  put(key: string, body: Buffer | string, contentType?: string): Promise<StoredObject>;
  putFile(key: string, path: string, contentType?: string): Promise<StoredObject>;
  /**
   * Writes only where nothing is (`If-None-Match: *`). A lost race is a result, not an error: `written` is false, and the
   * object that was there stays. It is true as well when the answer to one's own write was lost.
   */
  putIfAbsent(
    key: string,
    body: Buffer | string,
    contentType?: string,
  ): Promise<{ readonly written: boolean }>;
  get(key: string): Promise<Buffer>;
  /** Reads to a local file and returns size and digest of what arrived. */
  getFile(key: string, path: string): Promise<StoredObject>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Reads the whole object and hashes it. */
  sha256(key: string): Promise<StoredObject>;
  /**
   * Objects whose key begins with the prefix, those of one folder together. `after` continues behind a key from an earlier
   * listing, even if that object no longer exists.
   */
  list(prefix: string, after?: string): AsyncIterable<ObjectInfo>;
  /** Absent keys are fine. */
  remove(keys: readonly string[]): Promise<void>;
}
