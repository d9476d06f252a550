import { invalid, unproven } from '../fault.ts';
import type { Derived, Join, Relation, TableName } from '../syntax.ts';
import { entryNamed, operatorNamed } from '../table/table.ts';
import type { Typed } from '../typed.ts';
import { apply } from './calls.ts';
import { analyse, commonType, truth } from './expressions.ts';
import { convert } from './convert.ts';
import { pivot } from './pivot.ts';
import {
  type Analysis,
  assertWidth,
  byName,
  type FromClause,
  inner,
  plainContext,
  relationOf,
  type Scope,
  type ScopeColumn,
  type ScopeRelation,
} from './scope.ts';

/** Resolves a FROM clause. A table is a CTE or a relation that the query may read; nothing else exists. */
export function from(relation: Relation, scope: Scope, analysis: Analysis): FromClause {
  switch (relation.kind) {
    case 'table':
      return table(relation, scope, analysis);
    case 'derived':
      return derived(relation, { ...scope, outer: undefined }, analysis);
    case 'join':
      return join(relation, scope, analysis);
    case 'pivot':
      return pivot(relation, from(relation.of, scope, analysis), scope, analysis);
  }
}

function table(relation: TableName, scope: Scope, analysis: Analysis): FromClause {
  const [name = '', ...more] = relation.parts;
  const key = name.toLowerCase();
  const cte = more.length === 0 ? scope.ctes.get(key) : undefined;
  const readable = more.length === 0 ? analysis.relations.get(key) : undefined;
  const shown = relation.alias ?? name;
  const alias = analysis.unique('t');
  analysis.count((cte ?? readable)?.columns.length ?? 0, relation.at);
  if (cte !== undefined) {
    const visible = relationOf(shown, alias, cte.columns, cte.rows);
    return { relation: { kind: 'cte', name: cte.sql, alias }, visible: [renamed(visible, relation)] };
  }
  if (readable === undefined)
    throw invalid(
      `The query reads "${relation.parts.join('.')}" by name; tables are read as {{ sources.… }} or {{ features.… }}.`,
      relation.at,
      { tables: [relation.parts.join('.')] },
    );
  if (relation.columns.length > 0)
    throw unproven(
      'A list of names for the columns of a source or a feature set, which have no order,',
      'name each column in a subquery with AS',
      relation.at,
    );
  const columns = readable.columns.map(({ name: column, type, origins }) => ({
    name: column,
    type,
    origins,
    sql: column,
    text: undefined,
  }));
  const found = relationOf(shown, alias, columns, readable.rows);
  const visible = { ...found, hidden: readable.hidden, keys: keysOf(found, readable.keys) };
  return { relation: { kind: 'view', name: readable.name, alias }, visible: [renamed(visible, relation)] };
}

function keysOf({ columns }: ScopeRelation, names: readonly string[]): Typed[] | undefined {
  const keys = names.map((name) =>
    columns.find((column) => column.name?.toLowerCase() === name.toLowerCase()),
  );
  const known = keys.flatMap((column) => column?.value ?? []);
  return known.length > 0 && known.length === keys.length ? known : undefined;
}

function derived(relation: Derived, scope: Scope, analysis: Analysis): FromClause {
  const { query, rows } = analysis.query(relation.query, inner(scope, []));
  const alias = analysis.unique('t');
  const visible = relationOf(relation.alias, alias, query.columns, rows);
  return {
    relation: { kind: 'derived', query, alias, lateral: relation.lateral },
    visible: [renamed(visible, relation)],
  };
}

/** `AS t(a, b)` gives the columns new names. */
function renamed(relation: ScopeRelation, { columns, at }: Pick<TableName, 'columns' | 'at'>): ScopeRelation {
  if (columns.length === 0) return relation;
  if (columns.length !== relation.columns.length)
    throw invalid(`${columns.length} names are given to ${relation.columns.length} columns.`, at);
  return {
    ...relation,
    hidden: new Map(),
    columns: relation.columns.map((column, index) => ({ ...column, name: columns[index] })),
  };
}

function join(relation: Join, scope: Scope, analysis: Analysis): FromClause {
  const left = from(relation.left, scope, analysis);
  const right =
    relation.right.kind === 'derived' && relation.right.lateral
      ? derived(
          relation.right,
          { ...scope, outer: { ...inner(scope, left.visible), outer: scope.outer } },
          analysis,
        )
      : from(relation.right, scope, analysis);
  const both = [...left.visible, ...right.visible];
  assertWidth(
    both.reduce((sum, { columns }) => sum + columns.length, 0),
    relation.at,
  );
  const half = relation.type === 'SEMI' || relation.type === 'ANTI';
  const merged =
    relation.using === undefined ? undefined : using(relation, left.visible, right.visible, analysis);
  const on =
    merged?.on ?? (relation.on === undefined ? undefined : condition(relation, inner(scope, both), analysis));
  return {
    relation: { kind: 'join', type: relation.type, left: left.relation, right: right.relation, on },
    visible: half ? left.visible : (merged?.visible ?? both),
  };
}

function condition({ on, type, at }: Join, scope: Scope, analysis: Analysis): Typed | undefined {
  if (on === undefined) return undefined;
  const queries: Analysis = {
    ...analysis,
    query: (query, outer) => {
      if (type === 'INNER' || type === 'CROSS') return analysis.query(query, outer);
      throw unproven(`A subquery in the condition of a ${type} join`, 'join the subquery itself', query.at);
    },
  };
  return truth(analyse(on, plainContext(queries, scope, 'in the condition of a join')), at);
}

function using(
  { using: named, type, at }: Join,
  left: readonly ScopeRelation[],
  right: readonly ScopeRelation[],
  analysis: Analysis,
): { readonly on: Typed | undefined; readonly visible: readonly ScopeRelation[] } {
  const names = named === 'natural' ? sharedNames(left, right) : (named ?? []);
  const pairs = names.map((name) => {
    const [l, r] = [theOne(left, name, at), theOne(right, name, at)];
    for (const origin of [...l.origins, ...r.origins]) analysis.used.add(origin);
    return { name, left: l, right: r };
  });
  const equal = pairs.map(({ left: l, right: r }) => apply(operatorNamed('='), [l.value, r.value], { at }));
  const [first, ...others] = equal;
  const on = others.reduce<Typed | undefined>(
    (all, one) => (all === undefined ? one : apply(operatorNamed('AND'), [all, one], { at })),
    first,
  );
  const columns = pairs.map(({ left: l, right: r }): ScopeColumn => ({
    name: l.name,
    value: type === 'RIGHT' ? r.value : type === 'FULL' ? either(l.value, r.value, at) : l.value,
    origins:
      type === 'RIGHT' ? r.origins : type === 'FULL' ? new Set([...l.origins, ...r.origins]) : l.origins,
  }));
  const lower = new Set(names.map((name) => name.toLowerCase()));
  const rest = (relations: readonly ScopeRelation[]): ScopeRelation[] =>
    relations.map((relation) => {
      const isMerged = ({ name, qualified }: ScopeColumn): boolean =>
        qualified !== true && name !== undefined && lower.has(name.toLowerCase());
      if (!relation.columns.some(isMerged)) return relation;
      const columns = relation.columns.map((column) =>
        isMerged(column) ? { ...column, qualified: true } : column,
      );
      return { ...relation, columns };
    });
  return {
    on,
    visible: [
      { alias: undefined, hidden: new Map(), rows: new Set(), columns },
      ...rest(left),
      ...rest(right),
    ],
  };
}

function either(left: Typed, right: Typed, at: number): Typed {
  const coalesce = entryNamed('coalesce');
  if (coalesce === undefined) throw new TypeError('The table has no coalesce.');
  const type = commonType([left, right], 'Columns of USING', at);
  return apply(coalesce, [convert(left, type, at), convert(right, type, at)], { at });
}

function sharedNames(left: readonly ScopeRelation[], right: readonly ScopeRelation[]): string[] {
  const others = new Set(right.flatMap(({ columns }) => columns.map(({ name }) => name?.toLowerCase())));
  return left.flatMap(({ columns }) =>
    columns.flatMap(({ name, qualified }) =>
      name !== undefined && qualified !== true && others.has(name.toLowerCase()) ? [name] : [],
    ),
  );
}

function theOne(relations: readonly ScopeRelation[], name: string, at: number): ScopeColumn {
  const found = relations.flatMap(({ columns }) =>
    (byName(columns).get(name.toLowerCase()) ?? []).filter(({ qualified }) => qualified !== true),
  );
  const [one, ...more] = found;
  if (one === undefined || more.length > 0)
    throw invalid(`USING needs one column "${name}" on each side.`, at);
  return one;
}
