import { Dialect, transpile } from '@polyglot-sql/sdk';
import { MillraceError } from '#errors/millrace-error.ts';
import { lineOf, withoutPlace } from './sql-place.ts';

/** Spark's dialect to DuckDB's. Throws `SQL_NOT_TRANSLATABLE` for what DuckDB cannot express. */
export function sparkToDuckDb(sql: string): string {
  const result = transpile(sql, Dialect.Spark, Dialect.DuckDB, { unsupportedLevel: 'raise' });
  const [statement, ...more] = result.sql ?? [];
  if (!result.success || statement === undefined || more.length > 0)
    throw new MillraceError(
      'SQL_NOT_TRANSLATABLE',
      `DuckDB cannot run this query: ${withoutPlace(result.error ?? 'it is not one statement')}.`,
      { details: { line_text: lineOf(sql, result.errorLine) } },
    );
  return statement;
}
