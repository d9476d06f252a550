import { MillraceError } from '#errors/millrace-error.ts';

/**
 * Constructs that the dialect translator leaves unchanged although DuckDB interprets them differently. Each is rewritten
 * before the translation to something that means the same in both, or refused: a wrong number is worse than an error.
 */

/** Macros that rewritten queries need in a DuckDB session. */
export const DUCKDB_MACROS: readonly string[] = [
  // Spark truncates fractions, DuckDB rounds them.
  ...Object.entries({ tinyint: 'TINYINT', smallint: 'SMALLINT', int: 'INTEGER', bigint: 'BIGINT' }).map(
    ([name, type]) =>
      `CREATE MACRO millrace_${name}(x) AS CASE ` +
      `WHEN typeof(x) = 'VARCHAR' THEN TRY_CAST(trunc(TRY_CAST(x AS DOUBLE)) AS ${type}) ` +
      `WHEN typeof(x) IN ('FLOAT', 'DOUBLE') OR typeof(x) LIKE 'DECIMAL%' THEN CAST(trunc(CAST(x AS DOUBLE)) AS ${type}) ` +
      `ELSE CAST(x AS ${type}) END`,
  ),
  // NULL if either part is NULL. The translator would use DuckDB's concat, which skips NULL.
  'CREATE MACRO millrace_concat(a, b) AS CAST(a AS VARCHAR) || CAST(b AS VARCHAR)',
  // Sunday is 1 in Spark and 0 in DuckDB.
  'CREATE MACRO millrace_dayofweek(d) AS CAST(dayofweek(d) + 1 AS INTEGER)',
  'CREATE MACRO millrace_trunc(d, unit) AS CAST(CASE upper(unit) ' +
    "WHEN 'YEAR' THEN date_trunc('year', d) WHEN 'YYYY' THEN date_trunc('year', d) WHEN 'YY' THEN date_trunc('year', d) " +
    "WHEN 'QUARTER' THEN date_trunc('quarter', d) WHEN 'WEEK' THEN date_trunc('week', d) " +
    "WHEN 'MONTH' THEN date_trunc('month', d) WHEN 'MON' THEN date_trunc('month', d) WHEN 'MM' THEN date_trunc('month', d) END AS DATE)",
];

const WHOLE_TYPES: Readonly<Record<string, string>> = {
  tiny_int: 'tinyint',
  small_int: 'smallint',
  int: 'int',
  big_int: 'bigint',
};

const REFUSED: Readonly<Record<string, string>> = {
  approx_count_distinct: 'COUNT(DISTINCT …)',
  approx_percentile: 'percentile(…)',
  percentile_approx: 'percentile(…)',
  crc32: 'another way',
  hash: 'another way',
  kurtosis: 'another way',
  skewness: 'another way',
  subscript: 'element_at(…, n), which counts from 1',
  xxhash64: 'another way',
};

const JOIN_KINDS: Readonly<Record<string, string>> = { LeftAnti: 'Anti', LeftSemi: 'Semi' };

type Node = Record<string, unknown>;

/** Rewrites the syntax tree to constructs that mean the same in Spark and DuckDB. Throws `SQL_NOT_TRANSLATABLE`. */
export function alikeOnDuckDb(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(alikeOnDuckDb);
  if (!isNode(tree)) return tree;
  const node: Node = Object.fromEntries(
    Object.entries(tree).map(([key, child]) => [key, alikeOnDuckDb(child)]),
  );
  const [kind, body] = Object.entries(node)[0] ?? [];
  if (kind === undefined || !isNode(body)) return withJoinKind(node);
  const name = typeof body['name'] === 'string' ? body['name'].toLowerCase() : kind;
  const instead =
    REFUSED[kind] ?? (kind === 'function' || kind === 'aggregate_function' ? REFUSED[name] : undefined);
  if (instead !== undefined)
    throw new MillraceError(
      'SQL_NOT_TRANSLATABLE',
      `${name} gives another answer on DuckDB than on Spark; use ${instead}.`,
      {
        details: { function: name },
      },
    );
  return withJoinKind(rewritten(kind, name, body) ?? node);
}

function rewritten(kind: string, name: string, body: Node): Node | undefined {
  const args = Array.isArray(body['args']) ? body['args'] : [];
  const [first, second] = args;
  if ((kind === 'cast' || kind === 'try_cast') && isNode(body['to'])) {
    const type = WHOLE_TYPES[String(body['to']['data_type'])];
    return type === undefined ? undefined : call(`millrace_${type}`, [body['this']]);
  }
  if (kind === 'day_of_week') return call('millrace_dayofweek', [body['this']]);
  if (kind === 'aggregate_function' && name === 'percentile')
    return { aggregate_function: { ...body, name: 'quantile_cont' } };
  if (kind === 'concat') return call('millrace_concat', [body['left'], body['right']]);
  if (kind !== 'function') return undefined;
  if (name === 'concat' && args.length > 1)
    return args.slice(1).reduce<Node>((left, right) => call('millrace_concat', [left, right]), first as Node);
  if (Object.values(WHOLE_TYPES).includes(name) && args.length === 1) return call(`millrace_${name}`, args);
  if (name === 'trunc' && second !== undefined) return call('millrace_trunc', [first, second]);
  return undefined;
}

function withJoinKind(node: Node): Node {
  const kind = typeof node['kind'] === 'string' ? JOIN_KINDS[node['kind']] : undefined;
  return kind === undefined ? node : { ...node, kind };
}

function call(name: string, args: readonly unknown[]): Node {
  return { function: { name, args: [...args], distinct: false, trailing_comments: [] } };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
