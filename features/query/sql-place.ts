import { tokens } from '../sql/parse/tokens.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { outputPlace } from './output-places.ts';
import type { RenderedSql } from './render.ts';

/**
 * `file:line:column`, in the template or a file of macros, of a place in the rendered text. Line and column count from 1, in
 * characters. If the place is not known, the file and the line of the rendered query.
 */
export function placeInTemplate(rendered: RenderedSql, line?: number, column = 1): string {
  if (line === undefined || line < 1) return rendered.file;
  const found = outputPlace(rendered.sql, rendered.places, offsetOf(rendered.sql, line, column));
  return found === undefined
    ? `${rendered.file} (line ${line} of the rendered query)`
    : `${found.file}:${found.line}:${found.column}`;
}

function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return (
    before +
    Array.from(lines[line - 1] ?? '')
      .slice(0, column - 1)
      .join('').length
  );
}

/** Line and column, from 1, of an offset in UTF-16 units. */
export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

export function lineOf(text: string, line?: number): string {
  return line === undefined ? '' : (text.split('\n')[line - 1]?.trim() ?? '');
}

/**
 * Adds the place in the template to an engine's error: the first occurrence of the name in question, or only the file for
 * faults of the whole query. An error that already has a place is unchanged.
 */
export function withPlace(error: unknown, rendered: RenderedSql): unknown {
  if (!(error instanceof MillraceError) || error.where !== undefined) return error;
  const { code, message, details, cause } = error;
  if (code === 'PARTITION_COLUMNS_DIFFER' || code === 'FEATURE_TYPE_DIFFERS')
    return new MillraceError(code, message, { where: rendered.file, details, cause });
  if (code !== 'SQL_FAILED' && code !== 'SQL_NOT_TRANSLATABLE') return error;
  const name = /"([^"]+)"|with name (\w+)/.exec(message);
  const wanted = (name?.[1] ?? name?.[2])?.toLowerCase();
  const token =
    wanted === undefined ? undefined : tokens(rendered.sql).find(({ text }) => text.toLowerCase() === wanted);
  const { line, column } = token === undefined ? {} : lineAndColumn(rendered.sql, token.at);
  return new MillraceError(code, message, {
    where: placeInTemplate(rendered, line, column),
    details: { ...details, line_text: lineOf(rendered.sql, line) },
    cause,
  });
}
