import { invalid } from '../fault.ts';
import type { Expression, Select } from '../syntax.ts';
import type { Apply, Typed, TypedColumn, TypedSelect } from '../typed.ts';
import { isOrderable, typeName } from '../types.ts';
import { analyse, truth } from './expressions.ts';
import { partsOf } from './parts.ts';
import { keyOf, keysOf } from './same.ts';
import { type AnalysedItem, type Analysis, type Context, plainContext, type Scope } from './scope.ts';

interface Work {
  readonly items: readonly AnalysedItem[];
  readonly scope: Scope;
  readonly analysis: Analysis;
}

/** GROUP BY and HAVING; asserts that a grouped SELECT reads columns only in keys and aggregates. */
export function grouped(node: Select, work: Work): Pick<TypedSelect, 'groupBy' | 'having'> {
  const isGrouped =
    node.groupBy !== undefined ||
    node.having !== undefined ||
    work.items.some(({ found }) => found.aggregate);
  if (!isGrouped) return { groupBy: undefined, having: undefined };
  const all =
    node.groupBy?.all === true
      ? work.items.filter(({ found }) => !found.aggregate).map(({ value }) => value)
      : [];
  const keys = [...all, ...(node.groupBy?.by ?? []).map((by) => key(by, work))];
  const having = node.having === undefined ? undefined : havingOf(node.having, work);
  assertGrouped(work.items, keys, work.scope);
  if (node.groupBy?.sets === undefined) {
    const seen = new Set<Typed>();
    for (const { value, at } of work.items)
      if (readsKeys(value, seen)) throw invalid('grouping(…) needs GROUPING SETS, ROLLUP or CUBE.', at);
  }
  if (having !== undefined && node.having !== undefined)
    assertGrouped([{ value: having, at: node.having.at }], keys, work.scope);
  return { groupBy: node.groupBy === undefined ? undefined : { keys, sets: node.groupBy.sets }, having };
}

/** A key by its position in the select list, as a column, or by an alias. */
function key(by: Expression, { items, scope, analysis }: Work): Typed {
  if (by.kind === 'literal' && by.type.kind === 'int') {
    const item = items[Number(by.value) - 1];
    if (item === undefined)
      throw invalid(`GROUP BY ${String(by.value)} names no item of the select list.`, by.at);
    if (item.found.aggregate) throw invalid('An aggregate cannot be a key of GROUP BY.', by.at);
    return item.value;
  }
  const typed = analyse(by, plainContext(analysis, scope, 'in GROUP BY'));
  if (!isOrderable(typed.type)) throw invalid(`Rows cannot be grouped by a ${typeName(typed.type)}.`, by.at);
  return typed;
}

function havingOf(having: Expression, { scope, analysis }: Work): Typed {
  const context: Context = { ...plainContext(analysis, scope, 'in HAVING'), noAggregates: undefined };
  return truth(analyse(having, context), having.at);
}

/** Throws unless every column outside an aggregate belongs to a key. Each part of the expressions is looked at once. */
export function assertGrouped(
  values: readonly Pick<AnalysedItem, 'value' | 'at'>[],
  keys: readonly Typed[],
  scope: Scope,
): void {
  const grouped = keysOf(keys);
  const seen = new Set<Typed>();
  const visit = (part: Typed, at: number): void => {
    if (seen.has(part) || grouped.has(keyOf(part))) return;
    seen.add(part);
    if (part.kind === 'apply' && part.entry.ofKeys === true)
      assertOfKeys(part, (arg) => grouped.has(keyOf(arg)), at);
    if (part.kind === 'column')
      throw invalid(`${described(part, scope)} is neither in GROUP BY nor in an aggregate.`, at);
    for (const below of partsOutsideAggregates(part)) visit(below, at);
  };
  for (const { value, at } of values) visit(value, at);
}

/** A column by the name that the author's text gives it. */
function described(value: TypedColumn, { relations }: Scope): string {
  const key = keyOf(value);
  const columns = relations.flatMap((relation) => relation.columns);
  const name = columns.find((column) => keyOf(column.value) === key)?.name;
  return name === undefined ? 'A column without a name' : `The column "${name}"`;
}

function partsOutsideAggregates(value: Typed): readonly Typed[] {
  const isAggregate = value.kind === 'apply' && value.entry.kind === 'aggregate' && value.over === undefined;
  return isAggregate ? [] : partsOf(value);
}

/** Whether `grouping(…)` stands in an expression. */
function readsKeys(value: Typed, seen: Set<Typed>): boolean {
  if (seen.has(value)) return false;
  seen.add(value);
  if (value.kind === 'apply' && value.entry.ofKeys === true) return true;
  return partsOutsideAggregates(value).some((part) => readsKeys(part, seen));
}

function assertOfKeys(
  { entry, over, filter, args }: Apply,
  isKey: (arg: Typed) => boolean,
  at: number,
): void {
  if (over !== undefined || filter !== undefined)
    throw invalid(`${entry.name}(…) takes no OVER and no FILTER.`, at);
  if (!args.every(isKey)) throw invalid(`${entry.name}(…) takes keys of GROUP BY only.`, at);
}
