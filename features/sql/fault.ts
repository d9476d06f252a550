import type { ErrorCode } from '#errors/catalogue.ts';

/** A fault in a query, at a place in its text. `compile` turns it into a `MillraceError` with the place in the template. */
export class SqlFault extends Error {
  readonly code: SqlFaultCode;
  /** Characters from the start of the rendered query. */
  readonly at: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: SqlFaultCode, what: string, at: number, details: Readonly<Record<string, unknown>> = {}) {
    super(what);
    this.name = 'SqlFault';
    this.code = code;
    this.at = at;
    this.details = details;
  }
}

export type SqlFaultCode = Extract<
  ErrorCode,
  'SQL_INVALID' | 'SQL_NOT_TRANSLATABLE' | 'FEATURE_FROM_SENSITIVE'
>;

export function invalid(what: string, at: number, details?: Readonly<Record<string, unknown>>): SqlFault {
  return new SqlFault('SQL_INVALID', what, at, details);
}

/** For what Spark accepts, but for which no equal answer of DuckDB is proven. `instead` says what to write. */
export function unproven(
  what: string,
  instead: string,
  at: number,
  details?: Readonly<Record<string, unknown>>,
): SqlFault {
  return new SqlFault('SQL_NOT_TRANSLATABLE', `${what} is not supported; ${instead}.`, at, details);
}
