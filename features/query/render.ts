import { Environment } from 'minijinja-js';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { dateLiteral, sqlLiteral } from './sql-literal.ts';
import { sqlFilters, type SqlFilters } from './sql-filters.ts';
import { engineCode, piecesOf, type PlacedPiece, type TemplateFile, withoutMarks } from './template-code.ts';
import { templateError } from './template-error.ts';
import { refuseUndeclaredNames } from './template-names.ts';
import { type OutputPlace, placesOf } from './output-places.ts';

/** Maximum number of steps of a template; a set with hundreds of features takes some ten thousand. */
const FUEL = 1_000_000;
const MAX_SQL_CHARACTERS = 1_000_000;

/** The Spark SQL that a template rendered to, and its origin. Plain data. */
export interface RenderedSql {
  readonly sql: string;
  /** Path of the template, as written in the config. */
  readonly file: string;
  /** Where the parts of the SQL come from, ascending; empty if that is not known. */
  readonly places: readonly OutputPlace[];
}

export function sourceRelation(source: string): string {
  return `source__${source}`;
}

export function featureSetRelation(set: string): string {
  return `features__${set}`;
}

/**
 * Renders a set's SQL for one partition date. `{{ sources.x }}` and `{{ features.other }}` render to names of relations
 * that hold what was known on that date. In conditions and calculations, params have their own types and `ds` is text such
 * as `2024-04-01`; inserted, they become SQL literals. An undefined name is an error.
 * Throws `TEMPLATE_INVALID`, `TEMPLATE_TOO_LONG`, `FEATURE_PARAM_INVALID`.
 */
export function renderSql(set: FeatureSetConfig, dt: string): RenderedSql {
  dateLiteral(dt);
  for (const value of Object.values(set.params)) sqlLiteral(value);
  const macros = set.macros.map((file, index) => ({ file, text: `${set.macro_texts[index] ?? ''}\n` }));
  const query = { file: set.sql, text: set.sql_text };
  const pieces = piecesOf([...macros, query]);
  refuseUndeclaredNames(pieces, set);
  const run = renderer(set, dt, pieces);

  const preamble = macros.length === 0 ? '' : run(macros, engineCode(piecesOf(macros), false));
  if (preamble.trim() !== '')
    throw new MillraceError('TEMPLATE_INVALID', 'Files of macros may define macros and nothing else.', {
      where: set.macros.join(', '),
    });
  const files = [...macros, query];
  const text = run(files, engineCode(pieces, false));
  if (text.length > MAX_SQL_CHARACTERS)
    throw new MillraceError(
      'TEMPLATE_INVALID',
      `The query has ${text.length} characters; ${MAX_SQL_CHARACTERS} are allowed.`,
      { where: set.sql },
    );
  const marked = withoutMarks(run(files, engineCode(pieces, true)));
  // A template that looks at its own output, such as the length of a macro's result, sees the marks too.
  const places = marked.text === text ? placesOf(marked.parts, pieces, preamble.length) : [];
  return { sql: text.slice(preamble.length), file: set.sql, places };
}

type Render = (files: readonly TemplateFile[], code: string) => string;

function renderer(set: FeatureSetConfig, dt: string, pieces: readonly PlacedPiece[]): Render {
  const context = {
    millrace_date: dt,
    // A minus and a zero would begin a comment behind another minus.
    millrace_params: Object.fromEntries(
      Object.entries(set.params).map(([name, value]) => [name, value === 0 ? 0 : value]),
    ),
    sources: Object.fromEntries(set.sources.map((name) => [name, sourceRelation(name)])),
    features: Object.fromEntries(set.feature_sets.map((name) => [name, featureSetRelation(name)])),
  };
  const typed = typedInputs(set);
  return (files, code) => {
    const filters = sqlFilters(set, dt, pieces);
    const result = renderWith(filters, typed + code, context);
    if (filters.failure() !== undefined) throw filters.failure();
    if ('text' in result) return result.text;
    // Of broken code the author should see their own, not what was made of it.
    const own = files.map(({ text }) => text).join('');
    const syntax = result.message.startsWith('syntax error')
      ? renderWith(filters, typed + own, context)
      : result;
    throw templateError(set, files, pieces, 'message' in syntax ? syntax.message : result.message);
  };
}

/**
 * The engine's mark for "safe" text tells text of params and the date from text that the template makes: it survives
 * assignments, lists and calls of macros, and is lost when a filter makes another text.
 */
function typedInputs({ params }: FeatureSetConfig): string {
  const entries = Object.entries(params).map(([name, value]) => {
    const input = `millrace_params['${name}']`;
    return `'${name}': ${typeof value === 'string' ? `${input} | safe` : input}`;
  });
  return `{% set ds = millrace_date | safe %}{% set params = {${entries.join(', ')}} %}`;
}

function renderWith(
  { filters }: SqlFilters,
  code: string,
  context: object,
): { readonly text: string } | { readonly message: string } {
  const jinja = new Environment();
  try {
    jinja.undefinedBehavior = 'strict';
    jinja.fuel = FUEL;
    jinja.keepTrailingNewline = true;
    // Adds the place of a fault to its message.
    jinja.debug = true;
    for (const [name, filter] of Object.entries(filters)) jinja.addFilter(name, filter);
    const text = jinja.renderNamedStr('query.sql', code, context);
    jinja.free();
    return { text };
  } catch (error) {
    // Memory is exhausted and the engine is in a broken state: only the end of the process helps.
    if (error instanceof Error && error.name === 'RuntimeError') throw error;
    jinja.free();
    return { message: error instanceof Error ? error.message : String(error) };
  }
}
