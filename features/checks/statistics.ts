import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { ColumnType } from '#configs/types/declared-type.ts';

/** Statistics of a column in a manifest. Text columns and the columns that identify rows have no bounds. */
export interface ColumnStatistics {
  readonly name: string;
  readonly nulls: number;
  /**
   * Smallest and largest value of a number, date or timestamp column; null if there is none, if one is infinite, or if
   * the column holds NaN. Dates and timestamps are text. Whole numbers above 2^53 are rounded.
   */
  readonly min?: number | string | null;
  readonly max?: number | string | null;
}

/** Statistics of one column in one row group, from the footer of a Parquet file. */
export interface FooterStatistics {
  readonly column: string;
  /** Nulls included. */
  readonly rows: number;
  readonly nulls: number;
  /** As text; null if the writer omitted it, as it does for columns with NaN. */
  readonly min: string | null;
  readonly max: string | null;
}

const NUMBERS: ReadonlySet<ColumnType> = new Set(['int', 'bigint', 'double']);
const TIMES: ReadonlySet<ColumnType> = new Set(['date', 'timestamp']);

/**
 * Statistics of each column, from the footers of all parts, so that no pass over the rows is needed. `uniqueBy` names the columns that identify rows.
 */
export function columnStatistics(
  columns: readonly NamedColumn[],
  uniqueBy: readonly string[] | undefined,
  footers: readonly FooterStatistics[],
): ColumnStatistics[] {
  return columns.map(({ name, type }) => {
    const groups = footers.filter(({ column }) => column === name);
    const nulls = groups.reduce((sum, group) => sum + group.nulls, 0);
    if (uniqueBy?.includes(name) === true || !(NUMBERS.has(type) || TIMES.has(type))) return { name, nulls };
    const filled = groups.filter((group) => group.rows > group.nulls);
    return {
      name,
      nulls,
      min: bound(
        type,
        filled.map(({ min }) => min),
        (a, b) => a < b,
      ),
      max: bound(
        type,
        filled.map(({ max }) => max),
        (a, b) => a > b,
      ),
    };
  });
}

/** The outermost bound of all row groups; null if one is unknown, since it might be the outermost. */
function bound(
  type: ColumnType,
  texts: readonly (string | null)[],
  isFurther: (a: number | string, b: number | string) => boolean,
): number | string | null {
  let furthest: number | string | null = null;
  for (const text of texts) {
    if (text === null) return null;
    const value = TIMES.has(type) ? text : Number(text);
    if (typeof value === 'number' && !Number.isFinite(value)) return null;
    if (furthest === null || isFurther(value, furthest)) furthest = value;
  }
  return furthest;
}
