import type { ExitClass } from './exit-class.ts';

/** One kind of error: its HTTP status (RFC 9457), its meaning, and what a person can do about it. */
export interface CatalogueEntry {
  /** Null if only the command line reports the error. */
  readonly status: number | null;
  /** Exit class of a command that fails with this error. */
  readonly exit: ExitClass;
  readonly meaning: string;
  readonly remedy: string;
  /** A retry may succeed, as after an outage or throttling. Activities are retried on these errors only. */
  readonly transient?: true;
}

export type Catalogue = Readonly<Record<string, CatalogueEntry>>;
