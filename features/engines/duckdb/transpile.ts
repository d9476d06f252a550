import { Dialect, generate, parse, transpile } from '#features/query/sql-parser.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { alikeOnDuckDb } from './spark-on-duckdb.ts';
import { withoutPlace } from '#features/query/sql-place.ts';

/** Translates Spark SQL to DuckDB SQL. Throws `SQL_NOT_TRANSLATABLE` for what DuckDB cannot express or is known to compute differently. */
export function sparkToDuckDb(sql: string): string {
  const parsed = parse(sql, Dialect.Spark);
  if (!parsed.success) return refuse(parsed.error);
  const alike = generate(alikeOnDuckDb(parsed.ast), Dialect.Spark);
  const [spark, ...more] = alike.sql ?? [];
  if (spark === undefined || more.length > 0) return refuse(alike.error ?? 'it is not one statement');
  const result = transpile(spark, Dialect.Spark, Dialect.DuckDB, { unsupportedLevel: 'raise' });
  return result.sql?.[0] ?? refuse(result.error ?? 'it has no translation');
}

function refuse(why: string): never {
  throw new MillraceError('SQL_NOT_TRANSLATABLE', `DuckDB cannot run this query: ${withoutPlace(why)}.`);
}
