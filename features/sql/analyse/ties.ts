import { invalid, unproven } from '../fault.ts';
import type { Edit } from '../spark-text.ts';
import type { Call, Query, WindowSpec } from '../syntax.ts';
import type { Apply, OutputColumn, Typed, TypedGrouping, TypedOrder, TypedWindow } from '../typed.ts';
import { isOrderable, typeName } from '../types.ts';
import { sameKeys } from './same.ts';
import type { Analysis, Scope, ScopeColumn, ScopeRelation } from './scope.ts';

/** A window whose rows are taken in order, until it is known by which columns to break ties in its ORDER BY. */
export interface OpenWindow {
  readonly call: Call;
  readonly spec: WindowSpec;
  readonly window: TypedWindow;
  /** Those of `window`. */
  readonly orderBy: TypedOrder[];
  readonly needs: 'any order' | 'no peers';
}

const TAKEN_BY_PLACE = new Set(['row_number', 'ntile', 'lag', 'lead']);
const TAKEN_FROM_FRAME = new Set(['first_value', 'last_value', 'nth_value']);

/** How the result depends on the order of rows that ORDER BY leaves equal; undefined if it does not. */
export function needOf({ entry, ignoreNulls, over }: Apply): OpenWindow['needs'] | undefined {
  if (over === undefined) return undefined;
  if (TAKEN_BY_PLACE.has(entry.name)) return 'any order';
  const { frame } = over;
  const start = frame?.start.kind ?? 'UNBOUNDED PRECEDING';
  const end = frame?.end.kind ?? 'CURRENT ROW';
  const isWhole = start === 'UNBOUNDED PRECEDING' && end === 'UNBOUNDED FOLLOWING';
  if (TAKEN_FROM_FRAME.has(entry.name)) {
    const isFirst = entry.name === 'first_value' && !ignoreNulls && start === 'UNBOUNDED PRECEDING';
    return frame?.unit === 'ROWS' || isWhole || isFirst ? 'any order' : 'no peers';
  }
  return entry.kind === 'aggregate' && frame?.unit === 'ROWS' && !isWhole ? 'any order' : undefined;
}

/**
 * Orders rows that ORDER BY leaves equal by all other columns that the SELECT reads, on both engines, so that none comes
 * first by chance. Rows that are equal in all of these may change places.
 */
export function breakTies(scope: Scope, groupBy: TypedGrouping | undefined, analysis: Analysis): void {
  for (const open of scope.rowsRead?.windows.splice(0) ?? []) {
    const { call, window, orderBy } = open;
    if (orderBy.every(({ of }) => isConstant(of)))
      throw invalid(`${call.name}(…) needs an ORDER BY that is not a constant.`, call.at);
    const ordered = [...window.partitionBy, ...orderBy.map(({ of }) => of)];
    const identity =
      groupBy === undefined ? keysOf(scope) : groupBy.sets === undefined ? groupBy.keys : undefined;
    if (identity?.every((key) => isAmong(key, ordered)) === true) continue;
    if (open.needs === 'no peers')
      throw unproven(
        `${call.name}(…) with a RANGE frame whose order may leave ties`,
        'write ROWS BETWEEN …, or order by the key of the source too',
        call.at,
      );
    const columns = groupBy === undefined ? readColumns(scope, call) : groupColumns(groupBy, scope, call);
    const missing = columns.filter(({ column }) => !isAmong(column.value, ordered));
    for (const { column } of missing) {
      if (!isOrderable(column.value.type))
        throw unproven(
          `${call.name}(…) beside the column "${column.name ?? ''}" of type ${typeName(column.value.type)}, which cannot break ties,`,
          'select the other columns in a subquery first',
          call.at,
        );
      for (const origin of column.origins) analysis.used.add(origin);
      orderBy.push({ of: column.value, descending: false, nullsFirst: true });
    }
    if (missing.length > 0)
      analysis.edits.push(
        orderEdit(
          open,
          missing.map(({ text }) => text),
        ),
      );
  }
}

/** Orders the rows that LIMIT chooses from by all columns of the result: the rest cannot be seen. */
export function limitTies(
  columns: readonly OutputColumn[],
  orderBy: readonly TypedOrder[],
  { at, orderEnd }: Query,
  analysis: Analysis,
): TypedOrder[] {
  const ties = columns.flatMap(({ sql, type, name }, index) => {
    const of: Typed = { kind: 'column', type, relation: '', column: sql };
    if (orderBy.some((order) => sameKeys(order.of, of))) return [];
    if (!isOrderable(type))
      throw unproven(
        `LIMIT beside the column "${name ?? ''}" of type ${typeName(type)}, which cannot break ties,`,
        'use row_number() over the columns that identify a row',
        at,
      );
    return [{ position: index + 1, order: { of, descending: false, nullsFirst: true } }];
  });
  if (ties.length > 0) {
    const text = ties.map(({ position }) => `, ${position} ASC NULLS FIRST`).join('');
    analysis.edits.push({ from: orderEnd, to: orderEnd, parts: [text] });
  }
  return ties.map(({ order }) => order);
}

function orderEdit({ call, spec }: OpenWindow, columns: readonly string[]): Edit {
  const ties = columns.map((column) => `, ${column} ASC NULLS FIRST`).join('');
  if (typeof call.over === 'object' && call.over.base === undefined)
    return { from: spec.orderEnd, to: spec.orderEnd, parts: [ties] };
  // Others may use the same named window without these columns.
  const { at, orderEnd, end } = spec;
  return { ...call.overSpan, parts: [{ from: at, to: orderEnd }, ties, { from: orderEnd, to: end }] };
}

function isConstant({ kind }: Typed): boolean {
  return kind === 'literal' || kind === 'scalar_query';
}

function isAmong(value: Typed, values: readonly Typed[]): boolean {
  return values.some((other) => sameKeys(value, other));
}

/** What identifies a row, if that is known. */
function keysOf({ relations }: Scope): readonly Typed[] | undefined {
  const [only, ...more] = relations;
  return more.length === 0 ? only?.keys : undefined;
}

interface Tie {
  readonly column: ScopeColumn;
  readonly text: string;
}

function readColumns({ relations, rowsRead }: Scope, call: Call): Tie[] {
  const read = [...(rowsRead?.columns ?? [])].map(({ value }) => value);
  const found: Tie[] = [];
  for (const relation of relations)
    for (const column of relation.columns)
      if (isAmong(column.value, read) && !found.some((one) => sameKeys(one.column.value, column.value)))
        found.push({ column, text: nameOf(column, relation, relations, call) });
  return found;
}

function groupColumns({ keys, sets }: TypedGrouping, { relations }: Scope, call: Call): Tie[] {
  return keys.map((key) => {
    for (const relation of sets === undefined ? relations : [])
      for (const column of relation.columns)
        if (sameKeys(column.value, key)) return { column, text: nameOf(column, relation, relations, call) };
    throw invalid(
      `The ORDER BY of ${call.name}(…) may leave ties between groups; order by all keys of GROUP BY too.`,
      call.at,
    );
  });
}

/** The name by which the author's text reaches a column. */
function nameOf(
  { name, qualified }: ScopeColumn,
  { alias }: ScopeRelation,
  relations: readonly ScopeRelation[],
  { name: of, at }: Call,
): string {
  const isNamed = (column: ScopeColumn): boolean => column.name?.toLowerCase() === name?.toLowerCase();
  const owners = relations.filter(
    (relation) => alias === undefined || relation.alias?.toLowerCase() === alias.toLowerCase(),
  );
  const reached = owners.flatMap(({ columns }) =>
    columns.filter((column) => isNamed(column) && (alias !== undefined || column.qualified !== true)),
  );
  if (name === undefined || reached.length !== 1 || (qualified === true && alias === undefined))
    throw invalid(
      `The ORDER BY of ${of}(…) may leave ties, and ${name === undefined ? 'a column without a name' : `"${name}", which is there twice,`} cannot break them; give each column a name of its own.`,
      at,
    );
  return [...(alias === undefined ? [] : [alias]), name]
    .map((part) => `\`${part.replaceAll('`', '``')}\``)
    .join('.');
}
