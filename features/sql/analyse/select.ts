import { condition } from './conditions.ts';
import { invalid, unproven } from '../fault.ts';
import type { Edit } from '../spark-text.ts';
import type { Expression, Name, Select, SelectItem, Star } from '../syntax.ts';
import type { Origins, OutputColumn, Typed, TypedGrouping, TypedItem, TypedSelect } from '../typed.ts';
import { holdsVoid, isInterval, isNested, typeName } from '../types.ts';
import { isInexact } from './inexact.ts';
import { unorderedIn } from './unordered.ts';
import { analyse, truth } from './expressions.ts';
import { from } from './from.ts';
import { generated, generatorOf, lateralView } from './generate.ts';
import { assertGrouped, grouped } from './grouping.ts';
import {
  type AnalysedItem,
  type Analysis,
  assertWidth,
  type Context,
  type FromClause,
  inner,
  plainContext,
  resolve,
  type Scope,
  type ScopeColumn,
  type ScopeRelation,
} from './scope.ts';

export interface AnalysedSelect {
  readonly select: TypedSelect;
  readonly rows: Origins;
  /** For ORDER BY, which sees the items first and then the columns behind them. */
  readonly scope: Scope;
  readonly items: readonly AnalysedItem[];
}

/** Resolves one SELECT in the order in which its clauses are evaluated. */
export function select(node: Select, outer: Scope, analysis: Analysis): AnalysedSelect {
  const source = fromClause(node, outer, analysis);
  const chosen: Scope = { ...inner(outer, source?.visible ?? []), windows: node.windows };
  const where = node.where === undefined ? undefined : condition(node.where, chosen, analysis);
  const scope: Scope = { ...chosen, rowsRead: { columns: new Set(), windows: [] } };
  const rows = new Set(source?.visible.flatMap((relation) => [...relation.rows]));
  const { items, relation, visible, aliases } = itemsOf(node, source, scope, analysis);
  const seen: Scope = { ...scope, relations: visible, aliases };
  const groups = grouped(node, { items, scope: seen, analysis });
  const qualify = qualifyOf(node, seen, groups.groupBy, analysis);
  const columns = items.map((item): OutputColumn => ({
    name: item.name,
    type: item.value.type,
    sql: analysis.unique('c'),
    text: item.text,
    inexact: isInexact(item.value),
    // What counts or numbers whole rows comes from all of them.
    origins: item.origins.size === 0 && (item.found.aggregate || item.found.window) ? rows : item.origins,
  }));
  const typed: TypedItem[] = items.map(({ value }, index) => ({ sql: columns[index]?.sql ?? '', value }));
  return {
    rows,
    scope: seen,
    items,
    select: {
      kind: 'select',
      distinct: node.distinct,
      items: typed,
      from: relation,
      where,
      ...groups,
      qualify,
      columns,
    },
  };
}

function fromClause(node: Select, outer: Scope, analysis: Analysis): FromClause | undefined {
  const start = node.from === undefined ? undefined : from(node.from, outer, analysis);
  return node.lateralViews.reduce<FromClause | undefined>(
    (before, view) => lateralView(view, before, outer, analysis),
    start,
  );
}

interface Items {
  readonly items: AnalysedItem[];
  readonly relation: TypedSelect['from'];
  readonly visible: readonly ScopeRelation[];
  readonly aliases: ReadonlyMap<string, ScopeColumn>;
}

/** The select list, with stars and generators written out. An item may use the alias of one before it. */
function itemsOf(node: Select, source: FromClause | undefined, scope: Scope, analysis: Analysis): Items {
  let relation = source?.relation;
  let visible = scope.relations;
  const items: AnalysedItem[] = [];
  const aliases = new Map<string, ScopeColumn>();
  const take = (made: readonly AnalysedItem[]): void => {
    assertWidth(items.length + made.length, node.at);
    items.push(...made);
    for (const item of made) nameItem(item, aliases);
  };
  for (const item of node.items) {
    const generator = generatorOf(item.of);
    if (generator !== undefined) {
      const made = generated(generator, item.aliases, { relation, visible }, scope, analysis);
      ({ relation, visible } = made);
      take(made.columns.map((column) => itemOf(column, item.at)));
    } else if (item.of.kind === 'star')
      take(starOf(item.of, scope, analysis).map((column) => itemOf(column, item.at)));
    else take([oneItem(item, { ...scope, aliases }, analysis)]);
  }
  if (relation !== source?.relation) assertUngrouped(node, items);
  analysis.count(items.length, node.at);
  return { items, relation, visible, aliases };
}

/** Aggregates and windows would see the rows before a generator in Spark, and those after it here. */
function assertUngrouped({ groupBy, having, qualify, at }: Select, items: readonly AnalysedItem[]): void {
  const isGrouped = groupBy !== undefined || having !== undefined || qualify !== undefined;
  if (isGrouped || items.some(({ found }) => found.aggregate || found.window))
    throw unproven(
      'A generator such as explode(…) beside aggregates or windows',
      'use LATERAL VIEW, or explode in a subquery',
      at,
    );
}

function itemOf({ name, value, origins, text }: ScopeColumn, at: number): AnalysedItem {
  return { name, value, origins, text, at, found: { aggregate: false, window: false } };
}

function oneItem({ of, text, aliases, at }: SelectItem, scope: Scope, analysis: Analysis): AnalysedItem {
  const context: Context = {
    analysis,
    scope,
    uses: new Set(),
    noAggregates: undefined,
    noWindows: undefined,
    correlated: false,
    found: { aggregate: false, window: false },
  };
  const value = analyse(of, context);
  if (isInterval(value.type))
    throw invalid(
      `A column cannot be of type ${typeName(value.type)}; use datediff(…), timestampdiff(…) or extract(… FROM …).`,
      at,
    );
  if (isNested(value.type) && holdsVoid(value.type))
    throw invalid('An array without elements has no type; write CAST(array() AS ARRAY<…>).', at);
  const collected = unorderedIn(value);
  if (collected !== undefined)
    throw invalid(
      `The order of ${collected.entry.name}(…) is left to chance; write sort_array(${collected.entry.name}(…)).`,
      at,
      { function: collected.entry.name },
    );
  return {
    name: aliases[0] ?? ownName(of),
    value,
    origins: context.uses,
    text: (of.kind === 'name' ? textBehind(of, context) : undefined) ?? text,
    found: context.found,
    at,
  };
}

/** The expression behind a name that is only passed on. */
function textBehind(of: Name, context: Context): string | undefined {
  if (context.scope.variables.size > 0) return undefined;
  return resolve(of, context).column.text;
}

/** The name of an item without an alias: that of a column or a field. */
function ownName(of: Expression): string | undefined {
  if (of.kind === 'name') return of.parts.at(-1);
  return of.kind === 'field' ? of.name : undefined;
}

function starOf({ of, except, at }: Star, { relations, rowsRead }: Scope, analysis: Analysis): ScopeColumn[] {
  const named =
    of === undefined ? relations : relations.filter(({ alias }) => alias?.toLowerCase() === of.toLowerCase());
  if (named.length === 0)
    throw invalid(of === undefined ? 'A * needs a FROM.' : `There is no table "${of}".`, at);
  const left = new Set(except.map(({ parts }) => parts.join('.').toLowerCase()));
  const columns = named
    .flatMap((relation) => relation.columns)
    .filter(({ qualified }) => of !== undefined || qualified !== true);
  for (const { parts, at: place } of except)
    if (!columns.some(({ name }) => name?.toLowerCase() === parts.join('.').toLowerCase()))
      throw invalid(`There is no column "${parts.join('.')}" to leave out.`, place);
  const kept = columns.filter(({ name }) => !left.has(name?.toLowerCase() ?? ''));
  for (const column of kept) {
    rowsRead?.columns.add(column);
    for (const origin of column.origins) analysis.used.add(origin);
  }
  return kept;
}

/** Of two items with one alias, the last counts. */
function nameItem({ name, value, origins, text }: AnalysedItem, aliases: Map<string, ScopeColumn>): void {
  if (name !== undefined) aliases.set(name.toLowerCase(), { name, value, origins, text });
}

function qualifyOf(
  node: Select,
  scope: Scope,
  groupBy: TypedGrouping | undefined,
  analysis: Analysis,
): Typed | undefined {
  if (node.qualify === undefined) return undefined;
  if (node.groupBy?.all === true)
    throw unproven('QUALIFY beside GROUP BY ALL', 'name the keys of GROUP BY', node.qualify.at);
  const context: Context = {
    ...plainContext(analysis, scope, 'in QUALIFY without GROUP BY'),
    noWindows: undefined,
    ...(groupBy === undefined ? {} : { noAggregates: undefined }),
  };
  const typed = truth(analyse(node.qualify, context), node.qualify.at);
  if (groupBy !== undefined) assertGrouped([{ value: typed, at: node.qualify.at }], groupBy.keys, scope);
  analysis.edits.push(qualifyEdit(node));
  return typed;
}

/** Spark 4.0 has no QUALIFY, so its condition becomes a column of a subquery. */
function qualifyEdit({ at, distinct, itemsSpan, qualifySpan, qualifyOfSpan, end }: Select): Edit {
  const column = 'millrace_qualify';
  return {
    from: at,
    to: end,
    parts: [
      `SELECT ${distinct ? 'DISTINCT ' : ''}* EXCEPT (${column}) FROM (SELECT `,
      itemsSpan,
      ', (',
      qualifyOfSpan,
      `) AS ${column}`,
      { from: itemsSpan.to, to: qualifySpan.from },
      { from: qualifySpan.to, to: end },
      `) WHERE ${column}`,
    ],
  };
}
