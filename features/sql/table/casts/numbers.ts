import { duckDbType, isFloating, isIntegral, type SqlType } from '../../types.ts';
import { once } from '../once.ts';
import { lowBits } from '../wrapped.ts';
import type { Conversion, Form } from './form.ts';
import { plainDecimal } from './plain-decimal.ts';

const plain: Form = (sql, _from, to) => `CAST(${sql} AS ${duckDbType(to)})`;
const attempt: Form = (sql, _from, to) => `TRY_CAST(${sql} AS ${duckDbType(to)})`;

/** Conversions between numbers and booleans. */
export function numberConversion(from: SqlType, to: SqlType): Conversion {
  if (from.kind === 'boolean') return fromBoolean(to);
  if (to.kind === 'boolean')
    return isIntegral(from) || isFloating(from) || from.kind === 'decimal' ? truth : undefined;
  if (isIntegral(from)) {
    if (isIntegral(to)) return integerToInteger;
    if (isFloating(to)) return plain;
    return to.kind === 'decimal' ? attempt : undefined;
  }
  if (isFloating(from)) {
    if (isIntegral(to)) return floatToInteger;
    if (isFloating(to)) return to.kind === 'float' ? doubleToFloat : plain;
    return to.kind === 'decimal' ? floatToDecimal : undefined;
  }
  if (from.kind !== 'decimal') return undefined;
  if (isIntegral(to)) return decimalToInteger;
  if (isFloating(to)) return decimalToFloat;
  return to.kind === 'decimal' ? attempt : undefined;
}

function fromBoolean(to: SqlType): Conversion {
  if (isIntegral(to) || isFloating(to)) return plain;
  return to.kind === 'decimal'
    ? (sql, _from, type) => `TRY_CAST(CAST(${sql} AS INTEGER) AS ${duckDbType(type)})`
    : undefined;
}

const truth: Form = (sql) => `(${sql} <> 0)`;

const WIDTHS = ['tinyint', 'smallint', 'int', 'bigint'];

/** A value that does not fit loses its high bits, as in Java. */
const integerToInteger: Form = (sql, from, to, attempted) => {
  if (WIDTHS.indexOf(from.kind) <= WIDTHS.indexOf(to.kind)) return plain(sql, from, to, attempted);
  return attempted ? attempt(sql, from, to, attempted) : lowBits(`CAST(${sql} AS BIGINT)`, to, 'BIGINT');
};

/** The ends of an int and a bigint, as the doubles at which Java's conversion stops. */
const ENDS = {
  int: { min: '-2147483648', max: '2147483647', over: '2147483647' },
  bigint: { min: '-9223372036854775808', max: '9223372036854775807', over: '9223372036854775808' },
};

/**
 * Java cuts the fraction off, stops at the ends of the type and makes 0 of NaN; the types narrower than int then take the low
 * bits of the int.
 */
const floatToInteger: Form = (sql, _from, to, attempted) => {
  const wide = to.kind === 'bigint' ? 'bigint' : 'int';
  const { min, max, over } = ENDS[wide];
  const type = duckDbType({ kind: wide });
  const [low, high] = [`CAST('${min}' AS DOUBLE)`, `CAST('${over}' AS DOUBLE)`];
  if (attempted) {
    const last =
      wide === 'bigint'
        ? (x: string) => `CASE WHEN ${x} = ${high} THEN ${max} ELSE TRY_CAST(trunc(${x}) AS BIGINT) END`
        : undefined;
    return last === undefined
      ? `TRY_CAST(trunc(${sql}) AS ${duckDbType(to)})`
      : once([sql], ([x = '']) => last(x));
  }
  const whole = once(
    [sql],
    ([x = '']) =>
      `(CASE WHEN isnan(${x}) THEN 0 WHEN ${x} >= ${high} THEN CAST(${max} AS ${type}) WHEN ${x} <= ${low} THEN CAST(${min} AS ${type}) ELSE CAST(trunc(${x}) AS ${type}) END)`,
  );
  return wide === to.kind ? whole : lowBits(`CAST(${whole} AS BIGINT)`, to, 'BIGINT');
};

/** From here on a double is nearer to infinity than to the largest float. */
const BEYOND_FLOATS = "CAST('3.4028235677973366e38' AS DOUBLE)";

const doubleToFloat: Form = (sql) =>
  once([sql], ([x = '']) => {
    const infinite = `CAST(sign(${x}) * CAST('inf' AS DOUBLE) AS FLOAT)`;
    return `(CASE WHEN isfinite(${x}) AND abs(${x}) >= ${BEYOND_FLOATS} THEN ${infinite} ELSE CAST(${x} AS FLOAT) END)`;
  });

/** Whole digits of the doubles that have a shortest text, which is the same in Java. */
const WHOLE_DIGITS = 15;

/** By way of the shortest text of the double, which Spark rounds half up; NaN and infinities give NULL. */
const floatToDecimal: Form = (sql, _from, to) =>
  once([`CAST(${sql} AS DOUBLE)`], ([x = '']) => {
    const read = plainDecimal(`CAST(${x} AS VARCHAR)`, to);
    const whole = to.kind === 'decimal' ? to.precision - to.scale : 0;
    if (whole <= WHOLE_DIGITS) return read;
    const large = `isfinite(${x}) AND abs(${x}) >= 9007199254740992 AND abs(${x}) < CAST('1e${whole}' AS DOUBLE)`;
    return `(CASE WHEN ${large} THEN error('millrace: a double of 2^53 or more has no exact decimal') ELSE ${read} END)`;
  });

const decimalToInteger: Form = (sql, _from, to, attempted) => {
  const whole = `CAST(trunc(${sql}) AS HUGEINT)`;
  return attempted ? `TRY_CAST(${whole} AS ${duckDbType(to)})` : lowBits(whole, to, 'HUGEINT');
};

/** Digits that a double holds exactly. */
const EXACT_DIGITS = 15;

/** DuckDB divides two doubles, which is exact only for few digits; the text of more is read as the nearest number. */
const decimalToFloat: Form = (sql, from, to, attempted) =>
  from.kind === 'decimal' && from.precision <= EXACT_DIGITS && to.kind === 'double'
    ? plain(sql, from, to, attempted)
    : `CAST(CAST(${sql} AS VARCHAR) AS ${duckDbType(to)})`;
