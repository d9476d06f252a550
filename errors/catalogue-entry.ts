import type { ExitClass } from './exit-class.ts';

/** One kind of error: its HTTP status (RFC 9457), what it means, and what a person can do about it. */
export interface CatalogueEntry {
  /** Null for errors that only the command line reports. */
  readonly status: number | null;
  /** What the exit code of a command says when it ends with this error. */
  readonly exit: ExitClass;
  readonly meaning: string;
  readonly remedy: string;
  /** Another try may succeed: an outage, throttling. Activities are retried on these alone. */
  readonly transient?: true;
}

export type Catalogue = Readonly<Record<string, CatalogueEntry>>;
