import type { ConfigPath } from '../problem.ts';
import { valueFaults } from '../rules/column-values.ts';
import { fault } from '../rules/references.ts';
import type { Fault } from '../schema-problems.ts';
import type { ColumnType } from '../types/declared-type.ts';
import { isNestedType, kindOf } from '../types/kinds.ts';

const NOT_FINITE = ['NaN', 'Infinity', '-Infinity'];
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z?$/;
const BITS: Readonly<Record<string, number>> = { tinyint: 7, smallint: 15, int: 31, bigint: 63 };

/** Faults of a value of a test's row, by its column's type. */
export function cellFaults(column: string, type: ColumnType, value: unknown, path: ConfigPath): Fault[] {
  if (value === null || isNestedType(type)) return [];
  const wrong = (expected: string): Fault[] => [
    fault('CONFIG_INVALID_VALUE', path, `column ${column} has type ${type}`, { expected }),
  ];
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return wrong('one value');
  const kind = kindOf(type);
  if ((kind === 'double' || kind === 'float') && NOT_FINITE.includes(String(value))) return [];
  const faults = valueFaults(column, type, value, path);
  if (faults.length > 0) return faults;
  const bits = BITS[kind];
  if (bits !== undefined && !fits(BigInt(value), bits)) return wrong(`a whole number of ${bits + 1} bits`);
  if (kind === 'date' && !isDate(String(value))) return wrong('a date as YYYY-MM-DD');
  if (kind.startsWith('timestamp') && !(TIMESTAMP.test(String(value)) && isDate(String(value).slice(0, 10))))
    return wrong('a time such as 2024-05-01 13:30:00, in UTC');
  return [];
}

function fits(value: bigint, bits: number): boolean {
  return value >= -(2n ** BigInt(bits)) && value < 2n ** BigInt(bits);
}

function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
