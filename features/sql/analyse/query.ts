import { invalid, unproven } from '../fault.ts';
import type { ReadableRelation } from '../relation.ts';
import type { Body, Cte, Expression, Query, SetOperation, Values } from '../syntax.ts';
import type {
  Origins,
  OutputColumn,
  Typed,
  TypedArm,
  TypedBody,
  TypedGrouping,
  TypedOrder,
  TypedQuery,
  TypedValues,
} from '../typed.ts';
import { isInterval, isOrderable, sameType, typeName, VOID } from '../types.ts';
import { widerType } from '../wider-type.ts';
import { convert } from './convert.ts';
import { analyse, commonType } from './expressions.ts';
import { assertGrouped } from './grouping.ts';
import type { Edit } from '../spark-text.ts';
import {
  type Analysis,
  type Context,
  columnCounter,
  type CteScope,
  plainContext,
  type Scope,
} from './scope.ts';
import { type AnalysedSelect, select } from './select.ts';
import { breakTies, limitTies } from './ties.ts';
import { order } from './windows.ts';

export interface AnalysedQuery {
  readonly query: TypedQuery;
  readonly used: ReadonlySet<string>;
  readonly edits: readonly Edit[];
}

/** Resolves a parsed query over the relations that it may read. Throws `SqlFault`. */
export function analyseQuery(parsed: Query, relations: readonly ReadableRelation[]): AnalysedQuery {
  let next = 0;
  const analysis: Analysis = {
    relations: new Map(relations.map((relation) => [relation.name.toLowerCase(), relation])),
    used: new Set(),
    edits: [],
    count: columnCounter(),
    unique: (prefix) => `${prefix}${(next += 1)}`,
    query: (inner, scope) => query(inner, scope, analysis),
  };
  const nothing: Scope = {
    relations: [],
    outer: undefined,
    ctes: new Map(),
    variables: new Map(),
    aliases: new Map(),
    windows: new Map(),
  };
  const analysed = query(parsed, nothing, analysis);
  return { query: analysed.query, used: analysis.used, edits: analysis.edits };
}

function query(node: Query, outside: Scope, analysis: Analysis): { query: TypedQuery; rows: Origins } {
  const ctes: TypedQuery['ctes'][number][] = [];
  const known = new Map(outside.ctes);
  for (const cte of node.ctes) {
    const made = commonTable(cte, { ...outside, ctes: new Map(known), outer: undefined }, analysis);
    known.set(cte.name.toLowerCase(), made.scope);
    ctes.push({ name: made.scope.sql, query: made.query });
  }
  if (new Set(node.ctes.map(({ name }) => name.toLowerCase())).size < node.ctes.length)
    throw invalid('Two common tables have one name.', node.at);
  const scope = { ...outside, ctes: known };
  const { body, rows, selected } = bodyOf(node.body, scope, analysis);
  const columns = body.columns;
  const orderBy = node.orderBy.length === 0 ? [] : orderOf(node, columns, selected, scope, analysis);
  const limit = count(node.limit, 'LIMIT', analysis, scope);
  const offset = count(node.offset, 'OFFSET', analysis, scope);
  settle(selected, analysis);
  const isCut = limit !== undefined || offset !== undefined;
  if (isCut && orderBy.length === 0)
    throw invalid('LIMIT without ORDER BY takes rows by chance.', node.limit?.at ?? node.at);
  const ties = isCut ? limitTies(columns, orderBy, node, analysis) : [];
  return {
    rows,
    query: { kind: 'query', ctes, body, columns, orderBy: [...orderBy, ...ties], limit, offset },
  };
}

function settle(selected: AnalysedSelect | undefined, analysis: Analysis): void {
  if (selected !== undefined) breakTies(selected.scope, groupsOf(selected), analysis);
}

/** Aggregates without GROUP BY make one group of all rows, which has no key. */
function groupsOf({ items, select: { groupBy, having } }: AnalysedSelect): TypedGrouping | undefined {
  const isOne = having !== undefined || items.some(({ found }) => found.aggregate);
  return groupBy ?? (isOne ? { keys: [], sets: undefined } : undefined);
}

function commonTable(
  { name, columns, query: of, at }: Cte,
  scope: Scope,
  analysis: Analysis,
): { scope: CteScope; query: TypedQuery } {
  const { query: made, rows } = query(of, { ...scope, relations: [] }, analysis);
  if (columns.length > 0 && columns.length !== made.columns.length)
    throw invalid(`"${name}" has ${made.columns.length} columns, and ${columns.length} names are given.`, at);
  const named = made.columns.map((column, index) => ({ ...column, name: columns[index] ?? column.name }));
  return { query: made, scope: { sql: analysis.unique('q'), columns: named, rows } };
}

interface AnalysedBody {
  readonly body: TypedBody;
  readonly rows: Origins;
  readonly selected?: AnalysedSelect;
}

function bodyOf(body: Body, scope: Scope, analysis: Analysis): AnalysedBody {
  switch (body.kind) {
    case 'select': {
      const selected = select(body, scope, analysis);
      if (body.distinct) assertComparable('SELECT DISTINCT', selected.select.columns, body.at);
      return { body: selected.select, rows: selected.rows, selected };
    }
    case 'set_operation':
      return setOperation(body, scope, analysis);
    case 'values':
      return { body: values(body, scope, analysis), rows: new Set() };
    case 'query': {
      const { query: inner, rows } = query(body, scope, analysis);
      return { body: inner, rows };
    }
  }
}

/** Rows are not compared by maps, as in Spark. */
function assertComparable(what: string, columns: readonly OutputColumn[], at: number): void {
  if (columns.some(({ type }) => !isOrderable(type)))
    throw invalid(
      `${what} compares rows, and a map cannot be compared; select its values by their keys.`,
      at,
    );
}

function setOperation(
  { operator, all, left, right, at }: SetOperation,
  scope: Scope,
  analysis: Analysis,
): AnalysedBody {
  const [l, r] = [bodyOf(left, scope, analysis), bodyOf(right, scope, analysis)];
  settle(l.selected, analysis);
  settle(r.selected, analysis);
  if (l.body.columns.length !== r.body.columns.length)
    throw invalid(`${operator} joins ${l.body.columns.length} columns to ${r.body.columns.length}.`, at);
  if (operator !== 'UNION' || !all) assertComparable(operator, [...l.body.columns, ...r.body.columns], at);
  const columns = l.body.columns.map((column, index): OutputColumn => {
    const other = r.body.columns[index];
    const type = other === undefined ? undefined : widerType(column.type, other.type);
    if (other === undefined || type === undefined)
      throw invalid(
        `Column ${index + 1} of ${operator} is ${typeName(column.type)} on one side and ${typeName(other?.type ?? VOID)} on the other.`,
        at,
      );
    for (const side of [column, other])
      if (!sameType(side.type, type))
        convert({ ...side, kind: 'column', relation: '', column: '' }, type, at);
    return {
      name: column.name,
      type,
      sql: analysis.unique('c'),
      text: column.text,
      inexact: column.inexact === true || other.inexact === true,
      origins: new Set([...column.origins, ...other.origins]),
    };
  });
  const arm = (of: TypedBody): TypedArm => ({ body: of, alias: analysis.unique('t') });
  return {
    rows: new Set([...l.rows, ...r.rows]),
    body: { kind: 'set_operation', operator, all, left: arm(l.body), right: arm(r.body), columns },
  };
}

function values({ rows, at }: Values, scope: Scope, analysis: Analysis): TypedValues {
  const context = plainContext(analysis, { ...scope, relations: [], outer: undefined }, 'in VALUES');
  const typed = rows.map((row) => row.map((item) => analyse(item, context)));
  const width = typed[0]?.length ?? 0;
  if (typed.some((row) => row.length !== width)) throw invalid('The rows of VALUES differ in length.', at);
  const types = Array.from({ length: width }, (_, column) =>
    commonType(
      typed.flatMap((row) => row[column] ?? []),
      `Column ${column + 1} of VALUES`,
      at,
    ),
  );
  return {
    kind: 'values',
    rows: typed.map((row) => row.map((item, column) => convert(item, types[column] ?? item.type, at))),
    columns: types.map((type, index) => ({
      name: `col${index + 1}`,
      type,
      sql: analysis.unique('c'),
      text: undefined,
      origins: new Set<string>(),
    })),
  };
}

/** ORDER BY names an item by position or alias, or else a column behind the select list. */
function orderOf(
  node: Query,
  columns: readonly OutputColumn[],
  selected: AnalysedSelect | undefined,
  scope: Scope,
  analysis: Analysis,
): TypedOrder[] {
  const output = (column: OutputColumn): Typed => ({
    kind: 'column',
    type: column.type,
    relation: '',
    column: column.sql,
  });
  const outputs = columns.map((column) => ({
    name: column.name,
    value: output(column),
    origins: column.origins,
  }));
  const names: Scope = {
    ...scope,
    relations: [{ alias: undefined, columns: outputs, hidden: new Map(), rows: new Set() }],
    aliases: new Map(),
    windows: new Map(),
    variables: new Map(),
    outer: undefined,
  };
  return node.orderBy.flatMap((item) => {
    const { of } = item;
    if (of.kind === 'literal' && of.type.kind === 'int') {
      const column = columns[Number(of.value) - 1];
      if (column === undefined) throw invalid(`ORDER BY ${String(of.value)} names no column.`, of.at);
      return [{ of: output(column), descending: item.descending, nullsFirst: item.nullsFirst }];
    }
    const isOutput =
      of.kind === 'name' &&
      of.parts.length === 1 &&
      outputs.some(({ name }) => name?.toLowerCase() === of.parts[0]?.toLowerCase());
    if (isOutput || selected === undefined)
      return order([item], plainContext(analysis, names, 'in ORDER BY'), analyse);
    return [behind(item, selected, analysis)].flat();
  });
}

function behind(
  item: Query['orderBy'][number],
  { scope, select: of }: AnalysedSelect,
  analysis: Analysis,
): TypedOrder[] {
  const context: Context = {
    ...plainContext(analysis, scope, 'in ORDER BY'),
    noAggregates: undefined,
    noWindows: undefined,
  };
  if (of.qualify !== undefined)
    throw unproven('ORDER BY of what a query with QUALIFY does not select', 'select it', item.of.at);
  const typed = order([item], context, analyse);
  const isGrouped = of.groupBy !== undefined || context.found.aggregate;
  if (of.distinct)
    throw invalid('ORDER BY of SELECT DISTINCT may name only items of the select list.', item.of.at);
  if (isGrouped)
    assertGrouped(
      typed.map((one) => ({ value: one.of, at: item.of.at })),
      of.groupBy?.keys ?? [],
      scope,
    );
  return typed;
}

function count(
  of: Expression | undefined,
  what: string,
  analysis: Analysis,
  scope: Scope,
): number | undefined {
  if (of === undefined) return undefined;
  const typed = analyse(of, plainContext(analysis, { ...scope, relations: [] }, `in ${what}`));
  if (typed.kind !== 'literal' || typed.type.kind !== 'int' || isInterval(typed.type))
    throw invalid(`${what} needs a whole number.`, of.at);
  const rows = Number(typed.value);
  if (rows < 0) throw invalid(`${what} cannot be negative.`, of.at);
  return rows;
}
