import type { NamedColumn } from '#catalog/feature-configs.ts';
import { parseType } from '#configs/types/parse-type.ts';
import { comparableFloat } from './comparable-float.ts';
import type { TestedRow } from './tested-rows.ts';

/** How the rows of a test differ from those expected. */
export type RowDifference =
  | { readonly entity: TestedRow; readonly kind: 'missing row' | 'unexpected row' }
  | {
      readonly entity: TestedRow;
      readonly kind: 'value';
      readonly column: string;
      readonly expected: unknown;
      readonly got: unknown;
    };

/**
 * Compares rows by the columns of the entity, in any order, and of each expected row the columns that it names. Floats are equal if they are the same
 * float32; everything else is compared exactly. `columns` are those of the set.
 */
export function rowDifferences(
  entity: readonly string[],
  columns: readonly NamedColumn[],
  expected: readonly TestedRow[],
  got: readonly TestedRow[],
): RowDifference[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const keyOf = (row: TestedRow): string =>
    JSON.stringify(entity.map((column) => comparable(row[column], types.get(column))));
  const entityOf = (row: TestedRow): TestedRow =>
    Object.fromEntries(entity.map((column) => [column, row[column]]));
  const byKey = new Map(got.map((row) => [keyOf(row), row]));
  const keys = new Set(expected.map(keyOf));
  return [
    ...expected.flatMap((row): RowDifference[] => {
      const found = byKey.get(keyOf(row));
      if (found === undefined) return [{ entity: entityOf(row), kind: 'missing row' }];
      return Object.keys(row).flatMap((column): RowDifference[] => {
        const type = types.get(column);
        if (comparable(row[column], type) === comparable(found[column], type)) return [];
        const values = { expected: row[column], got: found[column] };
        return [{ entity: entityOf(row), kind: 'value', column, ...values }];
      });
    }),
    ...got
      .filter((row) => !keys.has(keyOf(row)))
      .map((row): RowDifference => ({ entity: entityOf(row), kind: 'unexpected row' })),
  ];
}

function comparable(value: unknown, type: string | undefined): string {
  if (value === null || value === undefined || type === undefined) return 'null';
  const { kind } = parseType(type);
  if (kind === 'double' || kind === 'float') return `float ${comparableFloat(value)}`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (kind.startsWith('timestamp')) return timeText(text);
  if (kind === 'decimal') return text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  return `${kind} ${text}`;
}

function timeText(text: string): string {
  const [, day = '', minute = '', second = '00', fraction = ''] =
    /^(\S{10})[ T](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?/.exec(text) ?? [];
  return `time ${day} ${minute}:${second}.${fraction.padEnd(6, '0')}`;
}
