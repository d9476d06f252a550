import { constantOf } from '../constant.ts';
import { unproven } from '../fault.ts';
import { castSql } from '../table/casts.ts';
import type { PrintedCall } from '../table/entry.ts';
import { orderKey } from '../table/order-key.ts';
import type {
  Apply,
  Typed,
  TypedBody,
  TypedBound,
  TypedCase,
  TypedGrouping,
  TypedInterval,
  TypedLiteral,
  TypedOrder,
  TypedQuery,
  TypedSelect,
  TypedWindow,
} from '../typed.ts';
import { duckDbType, isFloating, isNumeric } from '../types.ts';
import { nameSql, textSql } from '../text-sql.ts';
import { bounded, boundedExpression, printAll } from './bounded.ts';
import { relationSql } from './relations.ts';

/** DuckDB SQL of an analysed query. Names of tables and columns are generated, so no text of the author is among them. */
export function querySql({ ctes, body, orderBy, limit, offset }: TypedQuery): string {
  const tables = ctes.reduce(
    (before, { name, query }) =>
      bounded(`${before === '' ? 'WITH ' : `${before}, `}${name} AS (${querySql(query)})`),
    '',
  );
  const isBare = orderBy.length === 0 && limit === undefined && offset === undefined;
  const sql = [
    ...(tables === '' ? [] : [tables]),
    ofOutputs(isBare ? bodySql(body) : sortableSql(body), orderBy),
    ...(orderBy.length === 0 ? [] : [`ORDER BY ${orders(orderBy).join(', ')}`]),
    ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
    ...(offset === undefined ? [] : [`OFFSET ${offset}`]),
  ].join('\n');
  return bounded(sql);
}

/** DuckDB orders the rows of a set operation by its columns only, and no query in brackets that has an ORDER BY itself. */
function sortableSql(body: TypedBody): string {
  const isWhole = body.kind === 'set_operation' || body.kind === 'query';
  return isWhole ? `SELECT * FROM (${bodySql(body)}) AS body` : bodySql(body);
}

/** DuckDB orders by no output that may stop the query, unless it comes from a subquery. */
function ofOutputs(sql: string, orderBy: readonly TypedOrder[]): string {
  const isOutput = ({ of }: TypedOrder): boolean => of.kind === 'column' && of.relation === '';
  return sql.includes("error('millrace:") && orderBy.length > 0 && orderBy.every(isOutput)
    ? `SELECT * FROM (${sql}) AS ordered`
    : sql;
}

function bodySql(body: TypedBody): string {
  switch (body.kind) {
    case 'select':
      return selectSql(body);
    case 'query':
      return `(${querySql(body)})`;
    case 'values': {
      const rows = body.rows.map((row) => `(${expressions(row).join(', ')})`);
      return `SELECT * FROM (VALUES ${rows.join(', ')}) AS v(${body.columns.map(({ sql }) => sql).join(', ')})`;
    }
    case 'set_operation': {
      const arm = ({ body: of, alias }: typeof body.left): string => {
        const items = body.columns.map(({ type, sql }, index) => {
          const from = of.columns[index];
          if (from === undefined) throw new TypeError('The arms of a set operation have the same columns.');
          return `${castSql(`${alias}.${from.sql}`, from.type, type)} AS ${sql}`;
        });
        return `SELECT ${items.join(', ')} FROM (${bodySql(of)}) AS ${alias}`;
      };
      return bounded(`(${arm(body.left)}) ${body.operator}${body.all ? ' ALL' : ''} (${arm(body.right)})`);
    }
  }
}

function setsSql({ keys, sets }: TypedGrouping): string[] | undefined {
  return sets?.map((set) => `(${expressions(set.flatMap((index) => keys[index] ?? [])).join(', ')})`);
}

function selectSql({ distinct, items, from, where, groupBy, having, qualify }: TypedSelect): string {
  const keys = expressions(groupBy?.keys ?? []);
  const sets = groupBy === undefined ? undefined : setsSql(groupBy);
  const columns = printAll(
    items,
    ({ value, sql }) => `${expressionSql(value)} AS ${sql}`,
    ({ value }) => value,
  );
  const grouping = sets === undefined ? keys.join(', ') : `GROUPING SETS (${sets.join(', ')})`;
  return [
    `SELECT ${distinct ? 'DISTINCT ' : ''}${columns.join(', ')}`,
    ...(from === undefined ? [] : [`FROM ${relationSql(from, { querySql, expressionSql })}`]),
    ...(where === undefined ? [] : [`WHERE ${expressionSql(where)}`]),
    ...(groupBy === undefined ? [] : [`GROUP BY ${grouping}`]),
    ...(having === undefined ? [] : [`HAVING ${expressionSql(having)}`]),
    ...(qualify === undefined ? [] : [`QUALIFY ${expressionSql(qualify)}`]),
  ].join('\n');
}

/** What was printed, since the author may use one expression in many places by its alias. */
const printed = new WeakMap<Typed, string>();

function expressions(values: readonly Typed[]): string[] {
  return printAll(values, expressionSql, (value) => value);
}

export function expressionSql(value: Typed): string {
  const known = printed.get(value);
  if (known !== undefined) return known;
  const sql = boundedExpression(freshSql(value), value);
  printed.set(value, sql);
  return sql;
}

function freshSql(value: Typed): string {
  switch (value.kind) {
    case 'column':
      return value.relation === '' ? value.column : `${value.relation}.${nameSql(value.column)}`;
    case 'literal':
      return literalSql(value);
    case 'interval':
      return intervalSql(value);
    case 'variable':
      return value.name;
    case 'lambda':
      return `lambda ${value.parameters.join(', ')}: ${expressionSql(value.body)}`;
    case 'cast':
      return castSql(expressionSql(value.of), value.of.type, value.type, value.attempt);
    case 'case':
      return caseSql(value);
    case 'field':
      return `(${expressionSql(value.of)}).${nameSql(value.name)}`;
    case 'exists':
      return `EXISTS (${querySql(value.query)})`;
    case 'scalar_query':
      return `(${querySql(value.query)})`;
    case 'in_query':
      // As a value, Spark's IN (query) and NOT IN (query) are never NULL.
      return `coalesce(${expressionSql(value.of)} ${value.negated ? 'NOT ' : ''}IN (${querySql(value.query)}), FALSE)`;
    case 'apply':
      return applySql(value);
  }
}

function applySql(value: Apply): string {
  const filter = value.filter === undefined ? '' : ` FILTER (WHERE ${expressionSql(value.filter)})`;
  const over = value.over === undefined ? '' : ` OVER (${windowSql(value.over)})`;
  const call: PrintedCall = {
    types: value.args.map(({ type }) => type),
    constants: value.args.map(constantOf),
    result: value.type,
    distinct: value.distinct ? 'DISTINCT ' : '',
    suffix: filter + over,
    windowed: value.over !== undefined,
    ignoreNulls: value.ignoreNulls,
    refuse: (what, instead) => {
      throw unproven(what, instead, value.at, { function: value.entry.name });
    },
  };
  return value.signature.duckdb(expressions(value.args), call);
}

function caseSql({ branches, otherwise }: TypedCase): string {
  const whens = printAll(
    branches,
    ({ when, result }) => `WHEN ${expressionSql(when)} THEN ${expressionSql(result)}`,
    ({ result }) => result,
  );
  return `(CASE ${whens.join(' ')}${otherwise === undefined ? '' : ` ELSE ${expressionSql(otherwise)}`} END)`;
}

function literalSql({ type, value }: TypedLiteral): string {
  if (value === null) return type.kind === 'void' ? 'NULL' : `CAST(NULL AS ${duckDbType(type)})`;
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (type.kind === 'string') return textSql(value);
  if (isNumeric(type) && !isFloating(type)) return `CAST(${value} AS ${duckDbType(type)})`;
  return `CAST(${textSql(value)} AS ${duckDbType(type)})`;
}

function intervalSql({ months, microseconds }: TypedInterval): string {
  return months === 0 ? `to_microseconds(${microseconds})` : `to_months(${months})`;
}

function windowSql({ partitionBy, orderBy, frame }: TypedWindow): string {
  return [
    ...(partitionBy.length === 0 ? [] : [`PARTITION BY ${expressions(partitionBy).join(', ')}`]),
    ...(orderBy.length === 0 ? [] : [`ORDER BY ${orders(orderBy).join(', ')}`]),
    ...(frame === undefined
      ? []
      : [`${frame.unit} BETWEEN ${boundSql(frame.start)} AND ${boundSql(frame.end)}`]),
  ].join(' ');
}

function boundSql({ kind, by }: TypedBound): string {
  return by === undefined ? kind : `${expressionSql(by)} ${kind}`;
}

function orders(orderBy: readonly TypedOrder[]): string[] {
  return printAll(orderBy, orderSql, ({ of }) => of);
}

function orderSql({ of, descending, nullsFirst }: TypedOrder): string {
  return `${orderKey(expressionSql(of), of.type)} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
}
