import type { SqlType } from '../types.ts';
import type { PrintedCall } from './entry.ts';

const BITS: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, int: 32, bigint: 64 };
const NAMES: Readonly<Record<string, string>> = {
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  bigint: 'BIGINT',
};

/**
 * Integer arithmetic that wraps around like Java's, as Spark's with ANSI mode off: calculated in a type of twice the
 * width, of which the low bits are kept. DuckDB alone would fail on an overflow.
 */
export function wrapped(
  _sql: string,
  [a, b]: readonly (string | undefined)[],
  operator: string,
  { types }: Pick<PrintedCall, 'types'>,
): string {
  const kind = types[0]?.kind ?? 'int';
  const wide = kind === 'bigint' ? 'HUGEINT' : 'BIGINT';
  return lowBits(`CAST(${a} AS ${wide}) ${operator} CAST(${b} AS ${wide})`, { kind } as SqlType);
}

/** The value of a wider integer expression in the low bits of a type. */
export function lowBits(wideSql: string, { kind }: SqlType): string {
  const bits = BITS[kind] ?? 32;
  const half = 2n ** BigInt(bits - 1);
  const whole = 2n ** BigInt(bits);
  // The remainder of a negative number is negative in DuckDB, so it is made positive first.
  return `CAST((((${wideSql}) + ${half}) % ${whole} + ${whole}) % ${whole} - ${half} AS ${NAMES[kind] ?? 'INTEGER'})`;
}
