import { Dialect, parse, transpile } from '@polyglot-sql/sdk';
import { MillraceError } from '#errors/millrace-error.ts';
import { assertPlainQuery } from './plain-query.ts';
import type { RenderedSql } from './render.ts';

/**
 * Parses a rendered query as Spark SQL: one SELECT, over the given relations alone, without anything that gives another
 * answer tomorrow. Throws `SQL_INVALID` with the place in the template.
 */
export function parseQuery(rendered: RenderedSql, relations: readonly string[]): void {
  const parsed = parse(rendered.sql, Dialect.Spark);
  if (!parsed.success)
    throw new MillraceError('SQL_INVALID', `The SQL cannot be read: ${withoutPlace(parsed.error)}.`, {
      where: placeInTemplate(rendered, parsed.errorLine, parsed.errorColumn),
      details: { line_text: lineOf(rendered.sql, parsed.errorLine) },
    });
  assertPlainQuery(rendered, parsed.ast, relations);
}

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

/**
 * `file:line:column` of a place in the rendered text. A line has one place in the template when rendering kept the number of
 * lines, and a column when it kept the line; otherwise the file alone is named, with the line of the rendered query.
 */
export function placeInTemplate(rendered: RenderedSql, line?: number, column?: number): string {
  if (line === undefined || line < 1) return rendered.file;
  const from = rendered.template.trimEnd().split('\n');
  const to = rendered.sql.trimEnd().split('\n');
  if (from.length !== to.length) return `${rendered.file} (line ${line} of the rendered query)`;
  const place = `${rendered.file}:${line}`;
  const before = to[line - 1]?.slice(0, (column ?? 1) - 1);
  return column !== undefined && before !== undefined && from[line - 1]?.startsWith(before) === true
    ? `${place}:${column}`
    : place;
}

export function lineOf(text: string, line?: number): string {
  return line === undefined ? '' : (text.split('\n')[line - 1]?.trim() ?? '');
}

function withoutPlace(message: string): string {
  return message.replace(/^(Parse|Tokenize|Token) error at line \d+, column \d+: /, '').replace(/\.$/, '');
}
