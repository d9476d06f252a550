import { Dialect, tokenize } from '@polyglot-sql/sdk';
import { MillraceError } from '#errors/millrace-error.ts';
import type { RenderedSql } from './render.ts';
import { lineOf, placeInTemplate } from './transpile.ts';

/** The engine's error with its place in the template: where the name that it complains of first stands. */
export function withPlace(error: unknown, rendered: RenderedSql): unknown {
  if (
    !(error instanceof MillraceError) ||
    (error.code !== 'SQL_FAILED' && error.code !== 'SQL_NOT_TRANSLATABLE')
  )
    return error;
  const name = /"([^"]+)"|with name (\w+)/.exec(error.message);
  const wanted = (name?.[1] ?? name?.[2])?.toLowerCase();
  const tokens = wanted === undefined ? [] : (tokenize(rendered.sql, Dialect.Spark).tokens ?? []);
  const span = tokens.find((token) => token.text.toLowerCase() === wanted)?.span;
  return new MillraceError(error.code, error.message, {
    where: placeInTemplate(rendered, span?.line, span?.column),
    details: { ...error.details, line_text: lineOf(rendered.sql, span?.line) },
    cause: error.cause,
  });
}
