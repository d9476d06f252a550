import { invalid, unproven } from '../fault.ts';
import type { Expression, Frame, FrameBound } from '../syntax.ts';
import type { Typed, TypedBound, TypedFrame, TypedOrder } from '../typed.ts';
import { isFloating, isIntegral, isInterval, isNumeric, type SqlType, typeName } from '../types.ts';
import type { Context } from './scope.ts';

type Analyse = (expression: Expression, context: Context) => Typed;

/** The frame of a window. Distances are constants that its one ORDER BY expression can be moved by. */
export function typedFrame(
  { unit, start, end, at }: Frame,
  orderBy: readonly TypedOrder[],
  context: Context,
  analyse: Analyse,
): TypedFrame {
  if (orderBy.length === 0) throw invalid('A frame needs an ORDER BY.', at);
  const bound = ({ kind, by }: FrameBound): TypedBound => {
    if (by === undefined) return { kind, by };
    const distance = analyse(by, context);
    if (unit === 'ROWS') assertRows(distance, by.at);
    else assertRange(distance, orderBy, at, by.at);
    if (sizeOf(distance) < 0)
      throw unproven('A negative distance of a frame', 'turn PRECEDING and FOLLOWING around', by.at);
    return { kind, by: distance };
  };
  const [first, last] = [bound(start), bound(end)];
  assertTogether(first, last, at);
  return { unit, start: first, end: last };
}

function assertRows(distance: Typed, at: number): void {
  if (distance.kind !== 'literal' || distance.type.kind !== 'int')
    throw invalid('The distance of a ROWS frame must be a constant whole number.', at);
}

function assertRange(distance: Typed, orderBy: readonly TypedOrder[], at: number, byAt: number): void {
  const [only, ...more] = orderBy;
  if (only === undefined || more.length > 0)
    throw invalid('A RANGE frame with a distance needs one ORDER BY expression.', at);
  const isConstant =
    distance.kind === 'interval' || (distance.kind === 'literal' && isNumeric(distance.type));
  if (!isConstant)
    throw invalid('The distance of a RANGE frame must be a constant number or interval.', byAt);
  const { type } = only.of;
  if (!moves(distance.type, type))
    throw invalid(
      `A RANGE frame over ${typeName(type)} cannot have a distance of ${typeName(distance.type)}; ${INSTEAD[type.kind] ?? 'cast one to the type of the other'}.`,
      byAt,
    );
}

const INSTEAD: Readonly<Record<string, string>> = {
  date: 'use INTERVAL … DAYS or MONTHS, or a number of days',
  timestamp: 'use an interval',
  timestamp_ntz: 'use an interval',
};

/** Whether Spark takes the distance without changing it to the type of the order. */
function moves(by: SqlType, order: SqlType): boolean {
  if (order.kind === 'date') return ['int', 'interval_days', 'interval_month'].includes(by.kind);
  if (order.kind === 'timestamp' || order.kind === 'timestamp_ntz') return isInterval(by);
  if (isIntegral(order)) return isIntegral(by);
  if (isFloating(order)) return isNumeric(by);
  if (order.kind !== 'decimal') return false;
  return isIntegral(by) || (by.kind === 'decimal' && by.scale <= order.scale);
}

const size = ({ months, microseconds }: Extract<Typed, { kind: 'interval' }>): number =>
  months + Number(microseconds);

function sizeOf(distance: Typed): number {
  return distance.kind === 'interval' ? size(distance) : Number('value' in distance ? distance.value : 0);
}

const ORDER = ['UNBOUNDED PRECEDING', 'PRECEDING', 'CURRENT ROW', 'FOLLOWING', 'UNBOUNDED FOLLOWING'];

/** Spark compares the bounds, so both are of one type, and the first is not after the last. */
function assertTogether(first: TypedBound, last: TypedBound, at: number): void {
  const fields = ({ by }: TypedBound): string =>
    by?.kind === 'interval' ? extremes(by.units) : typeName(by?.type ?? { kind: 'void' });
  if (first.by !== undefined && last.by !== undefined && fields(first) !== fields(last))
    throw invalid('Both distances of a RANGE frame must be in the same units.', at);
  const [from, to] = [first, last].map(({ kind }) => ORDER.indexOf(kind));
  const [before, after] = [first, last].map(({ kind, by }) =>
    by === undefined ? 0 : sizeOf(by) * (kind === 'PRECEDING' ? -1 : 1),
  );
  const turned = from === to && (before ?? 0) > (after ?? 0);
  if (turned || (from ?? 0) > (to ?? 0) || from === 4 || to === 0)
    throw invalid('A frame must start before it ends.', at);
}

const FIELDS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];

/** Spark's type of an interval is its longest and its shortest field. */
function extremes(units: readonly string[]): string {
  const found = FIELDS.filter((field) => units.includes(field));
  return `${found[0] ?? ''} TO ${found.at(-1) ?? ''}`;
}
