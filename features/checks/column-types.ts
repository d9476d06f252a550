import type { ColumnType } from '#configs/names.ts';

const WHOLE = ['tinyint', 'smallint', 'int', 'utinyint', 'usmallint'] as const;
const WIDE = [...WHOLE, 'bigint', 'uinteger', 'hugeint', 'uhugeint', 'ubigint'] as const;

/** File types accepted for a raw column of each declared type: those that widen to it without loss. */
const SOURCE_FITS: Readonly<Record<ColumnType, readonly string[]>> = {
  boolean: ['boolean'],
  int: WHOLE,
  bigint: [...WHOLE, 'uinteger', 'bigint'],
  double: [...WHOLE, 'uinteger', 'float', 'double', 'decimal'],
  string: ['string'],
  date: ['date'],
  timestamp: ['timestamp', 'date'],
};

/** Query column types accepted for a feature of each declared type. Some engines widen sums of whole numbers; a value that is too large fails the cast. */
const FEATURE_FITS: Readonly<Record<ColumnType, readonly string[]>> = {
  ...SOURCE_FITS,
  int: WIDE,
  bigint: WIDE,
  double: [...WIDE, 'float', 'double', 'decimal'],
};

export function fitsSource(found: string, declared: ColumnType): boolean {
  return fits(SOURCE_FITS, found, declared);
}

export function fitsFeature(found: string, declared: ColumnType): boolean {
  return fits(FEATURE_FITS, found, declared);
}

function fits(
  table: Readonly<Record<ColumnType, readonly string[]>>,
  found: string,
  declared: ColumnType,
): boolean {
  return table[declared].includes(found.replace(/\(.*\)$/, ''));
}
