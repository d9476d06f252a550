/** What the store knows about one object. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  /** Time of the write by the store's clock, in whole seconds. ISO 8601, UTC. */
  readonly modifiedAt: string;
}

/** An object that we wrote; the digest is of the bytes that were sent. */
export interface StoredObject {
  readonly key: string;
  readonly uri: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A request that somebody without credentials may send to the store until it expires. */
export interface SignedRequest {
  readonly url: string;
  /** Headers that the request must carry with exactly these values. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Objects in one bucket, by key. Errors: `OBJECT_NOT_FOUND`, `STORE_UNREACHABLE` (can be retried), `STORE_DENIED`. */
export interface ObjectStore {
  readonly bucket: string;
  uri(key: string): string;
  /** The key of an `s3://<this bucket>/…` URI; throws `OBJECT_URI_INVALID` for any other. */
  keyOf(uri: string): string;
  /** Overwrites an existing object; for keys that are unique to an attempt. */
  put(key: string, body: Buffer | string, contentType?: string): Promise<StoredObject>;
  putFile(key: string, path: string, contentType?: string): Promise<StoredObject>;
  /**
   * Writes only if the key is free (`If-None-Match: *`). A lost race is a result, not an error: `written` is false, and
   * the existing object stays. `written` is also true if our own write succeeded and its response was lost.
   */
  putIfAbsent(
    key: string,
    body: Buffer | string,
    contentType?: string,
  ): Promise<{ readonly written: boolean }>;
  get(key: string): Promise<Buffer>;
  /** The bytes `[from, to)`, one at least; undefined if the object does not exist any more or has another ETag. */
  getRange(
    key: string,
    range: { readonly from: number; readonly to: number; readonly etag: string },
  ): Promise<Buffer | undefined>;
  /** Downloads to a local file, and returns the size and digest of the received bytes. */
  getFile(key: string, path: string): Promise<StoredObject>;
  /** A URL that gives the object to whoever has it, for a number of seconds. Does not ask whether the object exists. */
  downloadUrl(key: string, seconds: number): Promise<string>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Reads the whole object and returns its size and digest. */
  sha256(key: string): Promise<StoredObject>;
  /**
   * Objects whose key begins with the prefix; those of one folder are listed together. `after` continues behind a key
   * of an earlier listing, even if that object no longer exists.
   */
  list(prefix: string, after?: string): AsyncIterable<ObjectInfo>;
  /**
   * A request by which somebody without credentials writes this file, and no other, until it expires. Overwrites an
   * existing object.
   */
  signPut(
    key: string,
    file: { readonly size: number; readonly sha256: string },
    expiresSeconds: number,
  ): Promise<SignedRequest>;
  /** Ignores keys that do not exist. */
  remove(keys: readonly string[]): Promise<void>;
}
