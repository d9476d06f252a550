import type { Origins } from './typed.ts';
import type { SqlType } from './types.ts';

/** A relation that a query may read: all that exists for it. */
export interface ReadableRelation {
  /** Its name in the query and in the engine's session. */
  readonly name: string;
  readonly columns: readonly ReadableColumn[];
  /** Columns that exist in the data and that no query may read, in lower case, with their raw names. */
  readonly hidden: ReadonlyMap<string, string>;
  /** Origin of what is computed from whole rows, such as `statements.*`. */
  readonly rows: Origins;
  /** Columns that identify a row; empty if that is not known. */
  readonly keys: readonly string[];
}

export interface ReadableColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly origins: Origins;
}
