import type { SqlType } from '../types.ts';

const BITS: Readonly<Record<string, bigint>> = { tinyint: 8n, smallint: 16n, int: 32n, bigint: 64n };
const NAMES: Readonly<Record<string, string>> = {
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  bigint: 'BIGINT',
};

/** Bits of an integer type. */
export function bitsOf({ kind }: SqlType): bigint {
  return BITS[kind] ?? 32n;
}

/** The DuckDB type of at least twice the bits. */
export function wideType({ kind }: SqlType): 'BIGINT' | 'HUGEINT' {
  return kind === 'bigint' ? 'HUGEINT' : 'BIGINT';
}

/**
 * Integer arithmetic that wraps around like Java's, as Spark's with ANSI mode off: calculated in a type of twice the
 * width, of which the low bits are kept. DuckDB alone would fail on an overflow.
 */
export function wrapped(args: readonly string[], operator: string, type: SqlType): string {
  const wide = wideType(type);
  return lowBits(args.map((arg) => `CAST(${arg} AS ${wide})`).join(` ${operator} `), type, wide);
}

/** The value of a wider integer expression in the low bits of a type. */
export function lowBits(wideSql: string, type: SqlType, wide: 'BIGINT' | 'HUGEINT' = wideType(type)): string {
  const bits = bitsOf(type);
  const sign = literal(2n ** (bits - 1n), wide);
  // Without its high bits the number has no sign, so the highest bit left is made one.
  return `CAST(xor((${wideSql}) & ${literal(2n ** bits - 1n, wide)}, ${sign}) - ${sign} AS ${NAMES[type.kind] ?? 'INTEGER'})`;
}

function literal(value: bigint, wide: 'BIGINT' | 'HUGEINT'): string {
  return `CAST(${value} AS ${wide})`;
}
