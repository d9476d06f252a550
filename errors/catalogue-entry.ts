/** One kind of error: its HTTP status (RFC 9457), what it means, and what a person can do about it. */
export interface CatalogueEntry {
  readonly status: number;
  readonly meaning: string;
  readonly remedy: string;
  /** Another try may succeed: an outage, throttling. Activities are retried on these alone. */
  readonly transient?: true;
}

export type Catalogue = Readonly<Record<string, CatalogueEntry>>;
