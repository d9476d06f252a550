import { invalid } from '../fault.ts';
import type { Expression, Select } from '../syntax.ts';
import type { Typed, TypedSelect } from '../typed.ts';
import { isOrderable, typeName } from '../types.ts';
import { analyse, truth } from './expressions.ts';
import { sameKeys } from './same.ts';
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
  for (const { value, at } of work.items) assertGrouped(value, keys, at);
  if (having !== undefined && node.having !== undefined) assertGrouped(having, keys, node.having.at);
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

/** Throws unless every column outside an aggregate belongs to a key. */
export function assertGrouped(value: Typed, keys: readonly Typed[], at: number): void {
  if (keys.some((one) => sameKeys(one, value))) return;
  switch (value.kind) {
    case 'column':
      throw invalid(`The column "${value.column}" is neither in GROUP BY nor in an aggregate.`, at);
    case 'apply':
      return assertGroupedCall(value, keys, at);
    case 'case':
      for (const { when, result } of value.branches) {
        assertGrouped(when, keys, at);
        assertGrouped(result, keys, at);
      }
      if (value.otherwise !== undefined) assertGrouped(value.otherwise, keys, at);
      return;
    case 'cast':
    case 'field':
    case 'in_query':
      return assertGrouped(value.of, keys, at);
    case 'lambda':
      return assertGrouped(value.body, keys, at);
    default:
      return;
  }
}

function assertGroupedCall(
  value: Extract<Typed, { kind: 'apply' }>,
  keys: readonly Typed[],
  at: number,
): void {
  if (value.entry.kind === 'aggregate' && value.over === undefined) return;
  for (const arg of value.args) assertGrouped(arg, keys, at);
  for (const by of value.over?.partitionBy ?? []) assertGrouped(by, keys, at);
  for (const { of } of value.over?.orderBy ?? []) assertGrouped(of, keys, at);
}
