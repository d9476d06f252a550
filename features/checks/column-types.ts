import type { FileType, SqlType } from '#configs/types/column-type.ts';
import type { ColumnType } from '#configs/types/declared-type.ts';
import { parseType } from '#configs/types/parse-type.ts';

type Kind = FileType['kind'];

const WHOLE: readonly Kind[] = ['tinyint', 'smallint', 'int', 'utinyint', 'usmallint'];

/** File types accepted for a raw column of each declared type: those that widen to it without loss. */
const SOURCE_FITS: Readonly<Record<string, readonly Kind[]>> = {
  boolean: ['boolean'],
  tinyint: ['tinyint'],
  smallint: ['tinyint', 'smallint', 'utinyint'],
  int: WHOLE,
  bigint: [...WHOLE, 'uinteger', 'bigint'],
  float: ['float'],
  double: [...WHOLE, 'uinteger', 'float', 'double', 'decimal'],
  // Older writers leave texts without a mark that they are texts.
  string: ['string', 'binary', 'uuid'],
  date: ['date'],
  timestamp: ['timestamp', 'timestamp_ntz', 'date'],
  timestamp_ntz: ['timestamp_ntz', 'date'],
};

/** Types that a column of whole decimals (`decimal(p,0)`) is converted to exactly; a value that does not fit fails the build. */
const OF_WHOLE_DECIMALS: readonly Kind[] = ['int', 'bigint', 'string'];

/** Digits of the decimal that holds every value of a type of whole numbers, as in Spark. */
const DIGITS: Partial<Readonly<Record<Kind, number>>> = {
  tinyint: 3,
  utinyint: 3,
  smallint: 5,
  usmallint: 5,
  int: 10,
  uinteger: 10,
  bigint: 20,
  ubigint: 20,
};

/** Whether a column of a file can be read as the declared type. A column without any value fits each. */
export function fitsSource(found: FileType, declared: SqlType): boolean {
  if (found.kind === 'void') return true;
  switch (declared.kind) {
    case 'decimal':
      return fitsDecimal(found, declared);
    case 'array':
      return found.kind === 'array' && fitsSource(found.element, declared.element);
    case 'map':
      return (
        found.kind === 'map' && fitsSource(found.key, declared.key) && fitsSource(found.value, declared.value)
      );
    case 'struct':
      return found.kind === 'struct' && declared.fields.every((field) => fitsField(found, field));
    default:
      return isWholeDecimal(found) && OF_WHOLE_DECIMALS.includes(declared.kind)
        ? true
        : (SOURCE_FITS[declared.kind] ?? []).includes(found.kind);
  }
}

/** The field of a struct in a file by its name, which is compared without case; undefined unless there is exactly one. */
export function fieldNamed(
  { fields }: FileType & { readonly kind: 'struct' },
  name: string,
): { readonly name: string; readonly type: FileType } | undefined {
  const [only, ...more] = fields.filter((field) => field.name.toLowerCase() === name.toLowerCase());
  return more.length === 0 ? only : undefined;
}

function fitsField(
  found: FileType & { readonly kind: 'struct' },
  { name, type }: { readonly name: string; readonly type: SqlType },
): boolean {
  const field = fieldNamed(found, name);
  return field !== undefined && fitsSource(field.type, type);
}

/** As Spark reads decimals: neither digits before the point nor digits behind it may get lost. */
function fitsDecimal(found: FileType, declared: { readonly precision: number; readonly scale: number }) {
  const whole = declared.precision - declared.scale;
  if (found.kind === 'decimal')
    return found.scale <= declared.scale && found.precision - found.scale <= whole;
  const digits = DIGITS[found.kind];
  return digits !== undefined && digits <= whole;
}

export function isWholeDecimal(type: FileType): boolean {
  return type.kind === 'decimal' && type.scale === 0;
}

const WIDE: readonly Kind[] = [...WHOLE, 'bigint', 'uinteger', 'ubigint'];

/** Query column types accepted for a feature of each declared type. Some engines widen sums of whole numbers; a value that is too large fails the cast. */
const FEATURE_FITS: Readonly<Record<string, readonly Kind[]>> = {
  int: WIDE,
  bigint: WIDE,
  double: [...WIDE, 'float', 'double', 'decimal'],
  string: ['string'],
  timestamp: ['timestamp', 'date'],
};

/** The same for a column of a query, by Spark's name of its type. */
export function fitsFeature(found: SqlType, declared: ColumnType): boolean {
  const type = parseType(declared);
  const accepted = FEATURE_FITS[type.kind];
  if (accepted !== undefined) return accepted.includes(found.kind);
  return found.kind !== 'void' && fitsSource(found, type);
}
