import { BIGINT, duckDbType, MAX_PRECISION, type SqlType } from '../../types.ts';
import { adjusted } from '../../wider-type.ts';
import { type PrintedCall, type Signature, signature } from '../entry.ts';
import { bound, once } from '../once.ts';
import { lowBits } from '../wrapped.ts';
import { decimals } from './operands.ts';
import { roomy, scaled, unscaled } from './unscaled.ts';

export type Decimal = SqlType & { readonly kind: 'decimal' };

type ResultOf = (a: Decimal, b: Decimal) => SqlType;

/** Types of the results of operators on decimals (Spark, `DecimalPrecision`). */
const RESULTS = {
  '+': (a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return adjusted(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale);
  },
  '*': (a, b) => adjusted(a.precision + b.precision + 1, a.scale + b.scale),
  '/': (a, b) => {
    const scale = Math.max(6, a.scale + b.precision + 1);
    return adjusted(a.precision - a.scale + b.scale + scale, scale);
  },
  '%': (a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return adjusted(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale);
  },
} as const satisfies Record<string, ResultOf>;

/** A signature for two decimals, of which one may be an integer. */
export function ofDecimals(
  result: ResultOf | SqlType,
  duckdb: (a: string, b: string, types: readonly [Decimal, Decimal], call: PrintedCall) => string,
): Signature {
  return signature(
    'number, number',
    (types) => (typeof result === 'function' ? result(...pairOf(types)) : result),
    ([a = '', b = ''], call) => duckdb(a, b, pairOf(call.types), call),
    { convert: decimals },
  );
}

function pairOf([a, b]: readonly SqlType[]): readonly [Decimal, Decimal] {
  if (a?.kind !== 'decimal' || b?.kind !== 'decimal')
    throw new TypeError('A decimal operator has decimal operands.');
  return [a, b];
}

export function decimalSum(operator: '+' | '-'): Signature {
  return ofDecimals(RESULTS['+'], (a, b, [left, right], { result, refuse }) => {
    if (!isWhole(result, Math.max(left.scale, right.scale))) return tooLong(operator, refuse);
    const type = duckDbType(result);
    const sum = (x: string, y: string): string =>
      `CAST(CAST(${x} AS ${type}) ${operator} CAST(${y} AS ${type}) AS ${type})`;
    return orNull([a, b], result, ([x = '', y = '']) => sum(x, y));
  });
}

export const DECIMAL_PRODUCT: Signature = ofDecimals(
  RESULTS['*'],
  (a, b, [left, right], { result, refuse }) =>
    isWhole(result, left.scale + right.scale)
      ? orNull(
          [a, b],
          result,
          ([x = '', y = '']) => `CAST(${roomy(x, left)} * ${y} AS ${duckDbType(result)})`,
        )
      : tooLong('*', refuse),
);

/** A result that may need more digits than a decimal has is NULL if it does. */
function orNull(
  args: readonly string[],
  result: SqlType,
  form: (names: readonly string[]) => string,
): string {
  const fits = result.kind === 'decimal' && result.precision < MAX_PRECISION;
  return fits ? form(args) : bound(args, (names) => `TRY(${form(names)})`);
}

/** Exact as long as no digit of the result has to be cut off. */
function isWhole(result: SqlType, scale: number): boolean {
  return result.kind === 'decimal' && result.scale === scale;
}

function tooLong(operator: string, refuse: PrintedCall['refuse']): never {
  return refuse(
    `${operator} of decimals with more than ${MAX_PRECISION} digits together`,
    'cast one side to a decimal of fewer digits or to double',
  );
}

/**
 * The quotient of the digits, with as many more as the result has after its point. DuckDB would divide doubles. A quotient is
 * rounded half away from zero, and NULL if the divisor is zero.
 */
export const DECIMAL_QUOTIENT: Signature = ofDecimals(
  RESULTS['/'],
  (a, b, [left, right], { result, refuse }) => {
    if (result.kind !== 'decimal') throw new TypeError('The quotient of decimals is a decimal.');
    const more = result.scale + right.scale - left.scale;
    // The last digit is rounded by a comparison of twice the remainder, which must fit 127 bits.
    if (left.precision + more > MAX_PRECISION || right.precision >= MAX_PRECISION)
      return refuse(
        '/ of decimals with more than 38 digits together',
        'cast one side to a decimal of fewer digits or to double',
      );
    return once(
      [`${unscaled(a, left)} * CAST(1${'0'.repeat(more)} AS HUGEINT)`, unscaled(b, right)],
      ([n = '', d = '']) => {
        const up = `CASE WHEN abs(${n} % ${d}) >= abs(${d}) - abs(${n} % ${d}) THEN sign(${n}) * sign(${d}) ELSE 0 END`;
        return scaled(`((${n}) // (${d}) + CAST(${up} AS HUGEINT))`, result);
      },
    );
  },
);

/** The remainder has the sign of the dividend. */
export function decimalRemainder(form: (a: string, b: string) => string): Signature {
  return ofDecimals(RESULTS['%'], (a, b, [left, right], { result, refuse }) => {
    if (result.kind !== 'decimal') throw new TypeError('The remainder of decimals is a decimal.');
    const scale = Math.max(left.scale, right.scale);
    const digits = (of: Decimal): number => of.precision - of.scale + scale;
    if (result.scale !== scale || digits(left) >= MAX_PRECISION || digits(right) >= MAX_PRECISION)
      return tooLong('%', refuse);
    const [n, d] = [unscaled(a, left, scale), unscaled(b, right, scale)];
    return once([n, d], ([x = '', y = '']) => scaled(form(x, y), result));
  });
}

/** `DIV`: the whole part of the quotient. */
export const WHOLE_DECIMAL_QUOTIENT: Signature = ofDecimals(BIGINT, (a, b, [left, right], { refuse }) => {
  const scale = Math.max(left.scale, right.scale);
  const digits = (of: Decimal): number => of.precision - of.scale + scale;
  if (digits(left) > MAX_PRECISION || digits(right) > MAX_PRECISION) return tooLong('DIV', refuse);
  return lowBits(`${unscaled(a, left, scale)} // ${unscaled(b, right, scale)}`, BIGINT);
});
