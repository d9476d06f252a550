import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Details that help a person find where the error happened. */
export type ErrorPlace = string;

export interface ErrorOptions {
  /** Where it happened, for example `models.yaml:12:3` or `s3://lake/features/…`. */
  readonly where?: ErrorPlace;
  /** Plain JSON, shown by API and CLI and stored in workflow failures. Must not contain applicant data. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** Milliseconds to wait before a retry, from a throttling answer. */
  readonly retryAfterMs?: number;
}

/** The only error class that crosses module boundaries. `code` is in the catalogue. */
export class MillraceError extends Error {
  override readonly name = 'MillraceError';
  readonly code: ErrorCode;
  readonly where: ErrorPlace | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, what: string, options: ErrorOptions = {}) {
    super(what, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.where = options.where;
    this.details = options.details ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }

  get entry(): CatalogueEntry {
    return CATALOGUE[this.code];
  }

  /** HTTP status of a response with this error. */
  get status(): number {
    return this.entry.status ?? 500;
  }
}
