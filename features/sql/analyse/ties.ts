import { invalid, unproven } from '../fault.ts';
import type { Edit } from '../spark-text.ts';
import type { Call, Query, WindowSpec } from '../syntax.ts';
import type { Apply, OutputColumn, Typed, TypedGrouping, TypedOrder, TypedWindow } from '../typed.ts';
import { isOrderable, typeName } from '../types.ts';
import { Names } from './column-names.ts';
import { keyOf, keysOf } from './same.ts';
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
  const windows = scope.rowsRead?.windows.splice(0) ?? [];
  const identity =
    groupBy === undefined ? rowKeys(scope) : groupBy.sets === undefined ? groupBy.keys : undefined;
  const identifying = identity?.map(keyOf);
  const tiesOf = tiesIn(scope, groupBy);
  for (const open of windows) {
    const { call, window, orderBy } = open;
    if (orderBy.every(({ of }) => isConstant(of)))
      throw invalid(`${call.name}(…) needs an ORDER BY that is not a constant.`, call.at);
    const ordered = keysOf([...window.partitionBy, ...orderBy.map(({ of }) => of)]);
    if (identifying?.every((key) => ordered.has(key)) === true) continue;
    if (open.needs === 'no peers')
      throw unproven(
        `${call.name}(…) with a RANGE frame whose order may leave ties`,
        'write ROWS BETWEEN …, or order by the key of the source too',
        call.at,
      );
    const missing = tiesOf(call).filter(({ column }) => !ordered.has(keyOf(column.value)));
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
  const ordered = keysOf(orderBy.map(({ of }) => of));
  const ties = columns.flatMap(({ sql, type, name }, index) => {
    const of: Typed = { kind: 'column', type, relation: '', column: sql };
    if (ordered.has(keyOf(of))) return [];
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

/** What identifies a row, if that is known. */
function rowKeys({ relations }: Scope): readonly Typed[] | undefined {
  const [only, ...more] = relations;
  return more.length === 0 ? only?.keys : undefined;
}

interface Tie {
  readonly column: ScopeColumn;
  readonly text: string;
}

/** The columns that break ties are the same for all windows of a SELECT, so they are looked up once. */
function tiesIn(scope: Scope, groupBy: TypedGrouping | undefined): (call: Call) => readonly Tie[] {
  let found: readonly Tie[] | undefined;
  return (call) =>
    (found ??= groupBy === undefined ? readColumns(scope, call) : groupColumns(groupBy, scope, call));
}

function readColumns({ relations, rowsRead }: Scope, call: Call): Tie[] {
  const read = keysOf([...(rowsRead?.columns ?? [])].map(({ value }) => value));
  const names = new Names(relations);
  const found = new Map<string, Tie>();
  for (const relation of relations)
    for (const column of relation.columns) {
      const key = keyOf(column.value);
      if (read.has(key) && !found.has(key))
        found.set(key, { column, text: names.textOf(column, relation, call) });
    }
  return [...found.values()];
}

function groupColumns({ keys, sets }: TypedGrouping, { relations }: Scope, call: Call): Tie[] {
  const names = new Names(relations);
  const columns = new Map<string, readonly [ScopeColumn, ScopeRelation]>();
  for (const relation of sets === undefined ? relations : [])
    for (const column of relation.columns)
      if (!columns.has(keyOf(column.value))) columns.set(keyOf(column.value), [column, relation]);
  return keys.map((key) => {
    const [column, relation] = columns.get(keyOf(key)) ?? [];
    if (column !== undefined && relation !== undefined)
      return { column, text: names.textOf(column, relation, call) };
    throw invalid(
      `The ORDER BY of ${call.name}(…) may leave ties between groups; order by all keys of GROUP BY too.`,
      call.at,
    );
  });
}
