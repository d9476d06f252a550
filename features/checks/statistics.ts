import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { ColumnType } from '#configs/names.ts';
import { identifier } from '../query/sql-literal.ts';
import { figure, type Figures } from './checks.ts';

/**
 * What one pass over the rows tells of a column. Texts have no bounds, and neither has the column that identifies rows: a
 * manifest is read by more people than the rows are.
 */
export interface ColumnStatistics {
  readonly name: string;
  readonly nulls: number;
  /**
   * Smallest and largest value of a number, date or timestamp column; null where there is none, or it is not finite.
   * Dates and timestamps as text. Whole numbers above 2^53 are rounded.
   */
  readonly min?: number | string | null;
  readonly max?: number | string | null;
}

const NUMBERS: ReadonlySet<ColumnType> = new Set(['int', 'bigint', 'double']);
const TIMES: ReadonlySet<ColumnType> = new Set(['date', 'timestamp']);

/** The aggregates behind `columnStatistics`, in Spark's dialect. */
export function statisticAggregates(columns: readonly NamedColumn[], uniqueBy: string | undefined): string[] {
  return columns.flatMap(({ name, type }, index) => {
    const column = identifier(name);
    const bound = (aggregate: string): string =>
      TIMES.has(type) ? `CAST(${aggregate}(${column}) AS STRING)` : `${aggregate}(${column})`;
    return [
      `COUNT(*) - COUNT(${column}) AS nulls_${index}`,
      ...(isBounded({ name, type }, uniqueBy)
        ? [`${bound('MIN')} AS min_${index}`, `${bound('MAX')} AS max_${index}`]
        : []),
    ];
  });
}

export function columnStatistics(
  columns: readonly NamedColumn[],
  uniqueBy: string | undefined,
  figures: Figures,
): ColumnStatistics[] {
  return columns.map((column, index) => ({
    name: column.name,
    nulls: figure(figures, `nulls_${index}`) ?? 0,
    ...(isBounded(column, uniqueBy)
      ? { min: bound(column.type, figures[`min_${index}`]), max: bound(column.type, figures[`max_${index}`]) }
      : {}),
  }));
}

function isBounded({ name, type }: NamedColumn, uniqueBy: string | undefined): boolean {
  return name !== uniqueBy && (NUMBERS.has(type) || TIMES.has(type));
}

/** Engines give NaN and infinities as numbers or as text; JSON has neither. */
function bound(type: ColumnType, value: Figures[string] | undefined): number | string | null {
  if (TIMES.has(type)) return typeof value === 'string' ? value : null;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
