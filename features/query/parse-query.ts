import { analyzeQuery, Dialect, parse, type QueryAnalysis, type Schema } from './sql-parser.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { RenderedSql } from './render.ts';
import { lineAndColumn, lineOf, placeInTemplate, withoutPlace } from './sql-place.ts';

/** Functions whose result depends on when, where or how often they run. They are refused because a partition must be reproducible. */
const NOT_REPEATABLE = new Set([
  'current_catalog',
  'current_database',
  'current_date',
  'current_schema',
  'current_time',
  'current_timestamp',
  'current_user',
  'curdate',
  'gen_random_uuid',
  'get_current_time',
  'get_current_timestamp',
  'getdate',
  'getenv',
  'input_file_block_length',
  'input_file_block_start',
  'input_file_name',
  'java_method',
  'localtime',
  'localtimestamp',
  'monotonically_increasing_id',
  'now',
  'rand',
  'randn',
  'random',
  'randstr',
  'reflect',
  'session_user',
  'shuffle',
  'spark_partition_id',
  'today',
  'transaction_timestamp',
  'uuid',
  'uuidv4',
  'uuidv7',
]);

/** Aggregates whose result depends on the order of rows. */
const ANY_ROW = new Set(['any_value', 'first', 'last']);

/** A parsed query: its syntax tree and the lineage of its columns. */
export interface ParsedQuery {
  readonly tree: unknown;
  readonly analysis: QueryAnalysis;
}

/** A relation that a query may read, with its columns. */
export interface ReadableRelation {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Parses a rendered query as Spark SQL: one SELECT over only the given relations, without non-deterministic functions.
 * Throws `SQL_INVALID` with the place in the template.
 */
export function parseQuery(rendered: RenderedSql, relations: readonly ReadableRelation[]): ParsedQuery {
  const refuse = (what: string, details: Record<string, unknown> = {}): never => {
    throw new MillraceError('SQL_INVALID', what, { where: rendered.file, details });
  };
  const parsed = parse(rendered.sql, Dialect.Spark);
  if (!parsed.success) {
    // The parser reports the column where the token ends.
    const { line, column } = lineAndColumn(rendered.sql, parsed.errorStart ?? 0);
    throw new MillraceError('SQL_INVALID', `The SQL cannot be read: ${withoutPlace(parsed.error)}.`, {
      where: placeInTemplate(rendered, line, column),
      details: { line_text: lineOf(rendered.sql, line) },
    });
  }
  const [tree, ...more] = parsed.ast;
  if (tree === undefined || more.length > 0)
    return refuse(`The file holds ${parsed.ast.length} SQL statements; it may hold one.`);
  const { analysis, error } = analyzeQuery(rendered.sql, {
    dialect: Dialect.Spark,
    schema: schemaOf(relations),
  });
  if (!analysis) return refuse('The SQL is not a SELECT.', { reason: error });
  const readable = relations.map(({ name }) => name);
  const unknown = analysis.baseTables.map(({ name }) => name).filter((name) => !readable.includes(name));
  if (unknown.length > 0)
    refuse(
      `The query reads ${unknown.map((name) => `"${name}"`).join(', ')} by name; tables are read as {{ sources.… }} or {{ features.… }}.`,
      { tables: unknown },
    );
  visit(tree, (kind, node, parent) => assertRepeatable(kind, node, parent, refuse));
  return { tree, analysis };
}

export function schemaOf(relations: readonly ReadableRelation[]): Schema {
  return {
    tables: relations.map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => ({ name: column.name, type: column.type })),
    })),
  };
}

function assertRepeatable(
  kind: string,
  node: unknown,
  parent: string,
  refuse: (what: string, details?: Record<string, unknown>) => never,
): void {
  const name = kind === 'function' ? (textOf(node, 'name') ?? '').toLowerCase() : kind;
  if (NOT_REPEATABLE.has(name) || (name === 'unix_timestamp' && isEmpty(node, 'args')))
    refuse(`${name}() gives another answer each time; use {{ ds }} for the partition's date.`, {
      function: name,
    });
  if (ANY_ROW.has(kind) && isObject(node) && parent !== 'window_function')
    refuse(`${kind}() takes a row by chance; use MIN, MAX, max_by or a window with an order.`, {
      function: kind,
    });
  if (kind === 'table_sample' && node !== null) refuse('TABLESAMPLE gives other rows each time.');
  if (kind === 'from' || kind === 'joins')
    for (const relation of relationsOf(node))
      if ('function' in relation) refuse('A function stands where a table is expected.');
}

function relationsOf(node: unknown): object[] {
  const items = Array.isArray(node)
    ? node.map((join) => (isObject(join) ? join['this'] : undefined))
    : isObject(node)
      ? node['expressions']
      : [];
  return Array.isArray(items) ? items.filter(isObject) : [];
}

/** `parent` is the kind of the node, such as a window function, that has this node as its `this`. */
function visit(node: unknown, see: (kind: string, node: unknown, parent: string) => void, parent = ''): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, see);
  } else if (isObject(node)) {
    for (const [kind, child] of Object.entries(node)) {
      see(kind, child, parent);
      visit(child, see, kind === 'this' ? parent : kind);
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(node: unknown, key: string): string | undefined {
  const value = isObject(node) ? node[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isEmpty(node: unknown, key: string): boolean {
  const value = isObject(node) ? node[key] : undefined;
  return Array.isArray(value) && value.length === 0;
}
