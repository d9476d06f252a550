import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import type { ColumnType } from '../types/declared-type.ts';
import { parseType } from '../types/parse-type.ts';
import { fault } from './references.ts';

export type ColumnValue = string | number | boolean;

/** The fault of a value that a column of the type can never hold, so that a comparison never matches, or fails the whole query. */
export function valueFaults(column: string, type: ColumnType, value: ColumnValue, path: ConfigPath): Fault[] {
  const expected = expectedFor(type, value);
  if (expected === undefined) return [];
  const message = `column ${column} has type ${type}, and ${JSON.stringify(value)} is a ${wordFor(value)}`;
  return [fault('CONFIG_INVALID_VALUE', path, message, { expected })];
}

/** What would fit the type; undefined if the value does. */
function expectedFor(declared: ColumnType, value: ColumnValue): string | undefined {
  const type = parseType(declared);
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'tinyint':
    case 'smallint':
    case 'int':
      return Number.isInteger(value) ? undefined : 'a whole number';
    case 'bigint':
      return Number.isInteger(value) || (typeof value === 'string' && /^-?\d{1,19}$/.test(value))
        ? undefined
        : 'a whole number, in quotes above 2^53';
    case 'decimal':
      return isDecimal(value, type) ? undefined : `a number of ${declared}, in quotes above 2^53`;
    case 'float':
    case 'double':
      return typeof value === 'number' ? undefined : 'a number';
    default:
      return typeof value === 'string' ? undefined : 'text in quotes; YAML reads a bare 01 as the number 1';
  }
}

function isDecimal(
  value: ColumnValue,
  { precision, scale }: { readonly precision: number; readonly scale: number },
): boolean {
  if (typeof value === 'boolean') return false;
  const [, whole, fraction = ''] = /^-?0*(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
  return whole !== undefined && whole.length <= Math.max(1, precision - scale) && fraction.length <= scale;
}

function wordFor(value: ColumnValue): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : 'fraction';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}
