import { Environment } from 'minijinja-js';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { dateLiteral, sqlLiteral } from './sql-literal.ts';

/** Maximum number of steps of a template; a set with hundreds of features takes a few thousand. */
const FUEL = 500_000;
const MAX_SQL_CHARACTERS = 1_000_000;

/** The Spark SQL that a template rendered to, and its origin. */
export interface RenderedSql {
  readonly sql: string;
  readonly template: string;
  /** Path of the template, as written in the config. */
  readonly file: string;
}

export function sourceRelation(source: string): string {
  return `source__${source}`;
}

export function featureSetRelation(set: string): string {
  return `features__${set}`;
}

/**
 * Renders a set's SQL for one partition date. `{{ sources.x }}` and `{{ features.other }}` render to names of relations
 * that hold what was known on that date; `{{ ds }}` and `{{ params.p }}` to SQL literals. Any other undefined name is an
 * error.
 */
export function renderSql(set: FeatureSetConfig, dt: string): RenderedSql {
  const context = {
    ds: dateLiteral(dt),
    params: Object.fromEntries(
      Object.entries(set.params).map(([name, value]) => [name, templateValue(value)]),
    ),
    sources: Object.fromEntries(set.sources.map((name) => [name, sourceRelation(name)])),
    features: Object.fromEntries(set.feature_sets.map((name) => [name, featureSetRelation(name)])),
  };
  const macros = set.macro_texts.map((text) => `${text}\n`).join('');
  const preamble = render(set, macros, Number.POSITIVE_INFINITY, context);
  if (preamble.trim() !== '')
    throw new MillraceError('TEMPLATE_INVALID', 'Files of macros may define macros and nothing else.', {
      where: set.macros.join(', '),
    });
  const text = render(set, macros + set.sql_text, macros.split('\n').length - 1, context);
  if (text.length > MAX_SQL_CHARACTERS)
    throw new MillraceError(
      'TEMPLATE_INVALID',
      `The query has ${text.length} characters; ${MAX_SQL_CHARACTERS} are allowed.`,
      { where: set.sql },
    );
  return { sql: text.slice(preamble.length), template: set.sql_text, file: set.sql };
}

/** Numbers that are safe as text stay numbers, so that templates can calculate and compare with them. */
function templateValue(value: string | number | boolean): string | number | boolean {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value === 0 ? 0 : value;
  return typeof value === 'boolean' ? value : sqlLiteral(value);
}

function render(set: FeatureSetConfig, text: string, macroLines: number, context: object): string {
  const jinja = new Environment();
  try {
    jinja.undefinedBehavior = 'strict';
    jinja.fuel = FUEL;
    jinja.keepTrailingNewline = true;
    const rendered = jinja.renderNamedStr('query.sql', text, context);
    jinja.free();
    return rendered;
  } catch (error) {
    // Memory is exhausted and the engine is in a broken state: only the end of the process helps.
    if (error instanceof Error && error.name === 'RuntimeError') throw error;
    jinja.free();
    throw templateError(set, text, macroLines, error instanceof Error ? error.message : String(error));
  }
}

function templateError(
  set: FeatureSetConfig,
  text: string,
  macroLines: number,
  message: string,
): MillraceError {
  const [summary = ''] = message.split('\n');
  const line = Number(/\(in query\.sql:(\d+)\)/.exec(summary)?.[1] ?? Number.NaN);
  const what = summary.replace(/ ?\(in query\.sql:\d+\)/, '');
  const code = /out of fuel/.test(summary) ? 'TEMPLATE_TOO_LONG' : 'TEMPLATE_INVALID';
  const inMacros = line <= macroLines;
  return new MillraceError(code, `The template cannot be rendered: ${what}.`, {
    where: inMacros ? `${set.macros.join(', ')}:${line}` : `${set.sql}:${line - macroLines}`,
    details: {
      line_text: text.split('\n')[line - 1]?.trim() ?? '',
      sources: set.sources,
      features: set.feature_sets,
      params: Object.keys(set.params),
    },
  });
}
