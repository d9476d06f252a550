import { invalid } from '../fault.ts';
import type { Pivot } from '../syntax.ts';
import { operatorNamed } from '../table/table.ts';
import type { OutputColumn, Typed, TypedItem, TypedQuery } from '../typed.ts';
import { isInexact } from './inexact.ts';
import { apply, known } from './calls.ts';
import { analyse } from './expressions.ts';
import { columnsIn } from './parts.ts';
import {
  type Analysis,
  type Context,
  type FromClause,
  inner,
  plainContext,
  relationOf,
  type Scope,
  type ScopeColumn,
} from './scope.ts';

/**
 * PIVOT as the grouping that it stands for: the columns that no aggregate and no FOR reads are the keys, and each value
 * gives one aggregate over its own rows, NULL if it has none.
 */
export function pivot(node: Pivot, of: FromClause, scope: Scope, analysis: Analysis): FromClause {
  const inside = inner(scope, of.visible);
  const context = (): Context => ({ ...plainContext(analysis, inside, 'in PIVOT'), noAggregates: undefined });
  const onContext = context();
  const on = analyse(node.on, onContext);
  const aggregates = node.aggregates.map((item) => {
    const own = context();
    const value = analyse(item.of, own);
    if (value.kind !== 'apply' || value.entry.kind !== 'aggregate')
      throw invalid('PIVOT needs an aggregate such as SUM(…).', item.at);
    return { value, name: item.aliases[0], origins: own.uses };
  });
  const read = new Set(columnsIn([on, ...aggregates.map(({ value }) => value)]).map(nameOf));
  const keys = of.visible
    .flatMap(({ columns }) => columns)
    .filter(({ value }) => value.kind !== 'column' || !read.has(nameOf(value)));
  for (const { origins } of keys) for (const origin of origins) analysis.used.add(origin);
  analysis.count(keys.length + node.values.length * aggregates.length, node.at);
  const cells = node.values.flatMap(({ of: value, alias }) => {
    const constant = analyse(value, plainContext(analysis, inside, 'in PIVOT'));
    if (constant.kind !== 'literal') throw invalid('The values of PIVOT must be constants.', value.at);
    if (String(constant.value).includes('\0'))
      throw invalid('A name cannot hold the character U+0000.', value.at);
    return aggregates.map(({ value: aggregate, name, origins }): ScopeColumn => ({
      name: cellName(alias ?? String(constant.value), name, aggregates.length),
      origins: new Set([...origins, ...onContext.uses]),
      value: cell(aggregate, apply(operatorNamed('<=>'), [on, constant], { at: value.at }), node.at),
    }));
  });
  return grouped(node, of, keys, cells, analysis);
}

/** Spark names a cell after its value; with several aggregates, the aggregate follows. */
function cellName(value: string, aggregate: string | undefined, aggregates: number): string | undefined {
  if (aggregates === 1) return value;
  return aggregate === undefined ? undefined : `${value}_${aggregate}`;
}

function cell(aggregate: Extract<Typed, { kind: 'apply' }>, isValue: Typed, at: number): Typed {
  const filter =
    aggregate.filter === undefined
      ? isValue
      : apply(operatorNamed('AND'), [isValue, aggregate.filter], { at });
  const rows = apply(known('count', at), [], { at, filter: isValue });
  const some = apply(operatorNamed('>'), [rows, { kind: 'literal', type: { kind: 'int' }, value: '0' }], {
    at,
  });
  return {
    kind: 'case',
    type: aggregate.type,
    branches: [{ when: some, result: { ...aggregate, filter } }],
    otherwise: undefined,
  };
}

function grouped(
  node: Pivot,
  of: FromClause,
  keys: readonly ScopeColumn[],
  cells: readonly ScopeColumn[],
  analysis: Analysis,
): FromClause {
  const all = [...keys, ...cells];
  const columns = all.map(({ name, value, origins }): OutputColumn => ({
    name,
    type: value.type,
    sql: analysis.unique('c'),
    text: undefined,
    origins,
    inexact: isInexact(value),
  }));
  const items = all.map(({ value }, index): TypedItem => ({ sql: columns[index]?.sql ?? '', value }));
  const query: TypedQuery = {
    kind: 'query',
    ctes: [],
    columns,
    orderBy: [],
    limit: undefined,
    offset: undefined,
    body: {
      kind: 'select',
      distinct: false,
      items,
      from: of.relation,
      where: undefined,
      groupBy: keys.length === 0 ? undefined : { keys: keys.map(({ value }) => value), sets: undefined },
      having: undefined,
      qualify: undefined,
      columns,
    },
  };
  const alias = analysis.unique('t');
  const rows = new Set(of.visible.flatMap((relation) => [...relation.rows]));
  return {
    relation: { kind: 'derived', query, alias, lateral: false },
    visible: [relationOf(node.alias, alias, columns, rows)],
  };
}

function nameOf({ relation, column }: Extract<Typed, { kind: 'column' }>): string {
  return `${relation}.${column}`;
}
