import type { SqlType } from './column-type.ts';
import type { ColumnType } from './declared-type.ts';
import { parseType } from './parse-type.ts';

const NUMBERS: readonly SqlType['kind'][] = [
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'decimal',
];
const NESTED: readonly SqlType['kind'][] = ['array', 'map', 'struct'];

/** The type of a column without its parameters. */
export function kindOf(type: ColumnType): SqlType['kind'] {
  return parseType(type).kind;
}

export function isNumberType(type: ColumnType): boolean {
  return NUMBERS.includes(kindOf(type));
}

/** Whether the values of a column hold further values. */
export function isNestedType(type: ColumnType): boolean {
  return NESTED.includes(kindOf(type));
}
