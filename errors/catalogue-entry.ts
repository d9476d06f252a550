/** One kind of error: its HTTP status (RFC 9457), what it means, and what a person can do about it. */
export interface CatalogueEntry {
  readonly status: number;
  readonly meaning: string;
  readonly remedy: string;
}

export type Catalogue = Readonly<Record<string, CatalogueEntry>>;
