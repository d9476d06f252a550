import {
  decimal,
  isFloating,
  isIntegral,
  isNumeric,
  MAX_PRECISION,
  sameType,
  type SqlType,
} from './types.ts';

const ORDER = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double'];

/** Decimal types that hold every value of an integer type (Spark, `DecimalType.forType`). */
const DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, int: 10, bigint: 20 };

export function asDecimal(type: SqlType): (SqlType & { readonly kind: 'decimal' }) | undefined {
  if (type.kind === 'decimal') return type;
  const digits = DIGITS[type.kind];
  return digits === undefined ? undefined : { kind: 'decimal', precision: digits, scale: 0 };
}

/**
 * The type to which the branches of a CASE, the items of an IN list or the arms of a UNION are converted, as Spark 4.0
 * does with ANSI mode off (`TypeCoercion.findWiderTypeForTwo`). Undefined if there is none.
 */
export function widerType(a: SqlType, b: SqlType): SqlType | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === 'void') return b;
  if (b.kind === 'void') return a;
  if (isNumeric(a) && isNumeric(b)) return widerNumber(a, b);
  if (a.kind === 'array' && b.kind === 'array') {
    const element = widerType(a.element, b.element);
    return element === undefined ? undefined : { kind: 'array', element };
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const key = widerType(a.key, b.key);
    const value = widerType(a.value, b.value);
    return key === undefined || value === undefined ? undefined : { kind: 'map', key, value };
  }
  if (a.kind === 'struct' && b.kind === 'struct') return widerStruct(a, b);
  return widerMoment(a, b) ?? widerText(a, b);
}

/**
 * The common type of many (Spark, `findWiderCommonType`): texts come first, so that a date, an integer and a text become
 * texts although a date and an integer have no common type. Undefined if there is none.
 */
export function widestType(types: readonly SqlType[]): SqlType | undefined {
  const texts = types.filter(({ kind }) => kind === 'string');
  const others = types.filter(({ kind }) => kind !== 'string');
  return [...texts, ...others].reduce<SqlType | undefined>(
    (a, b) => (a === undefined ? undefined : widerType(a, b)),
    { kind: 'void' },
  );
}

function widerStruct(
  a: SqlType & { readonly kind: 'struct' },
  b: SqlType & { readonly kind: 'struct' },
): SqlType | undefined {
  if (a.fields.length !== b.fields.length) return undefined;
  const fields = a.fields.map((field, index) => {
    const other = b.fields[index];
    if (other === undefined || other.name.toLowerCase() !== field.name.toLowerCase()) return undefined;
    const type = widerType(field.type, other.type);
    return type === undefined ? undefined : { name: field.name, type };
  });
  return fields.every((field) => field !== undefined) ? { kind: 'struct', fields } : undefined;
}

export function widerNumber(a: SqlType, b: SqlType): SqlType {
  if (a.kind === 'decimal' || b.kind === 'decimal') {
    const [left, right] = [asDecimal(a), asDecimal(b)];
    // A decimal beside a float or a double becomes a double.
    if (left === undefined || right === undefined) return { kind: 'double' };
    const scale = Math.max(left.scale, right.scale);
    const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
    return bounded(whole + scale, scale);
  }
  return ORDER.indexOf(a.kind) >= ORDER.indexOf(b.kind) ? a : b;
}

/** Spark, `DecimalType.boundedPreferIntegralDigits`: whole digits are kept before fractional ones. */
function bounded(precision: number, scale: number): SqlType {
  if (precision <= MAX_PRECISION) return decimal(precision, scale);
  return decimal(MAX_PRECISION, Math.max(0, scale - (precision - MAX_PRECISION)));
}

/** Spark, `DecimalType.adjustPrecisionScale`: the type of a decimal result that may need more than 38 digits. */
export function adjusted(precision: number, scale: number): SqlType {
  if (precision <= MAX_PRECISION) return decimal(precision, scale);
  const whole = precision - scale;
  return decimal(MAX_PRECISION, Math.max(MAX_PRECISION - whole, Math.min(scale, 6)));
}

function widerMoment(a: SqlType, b: SqlType): SqlType | undefined {
  const kinds = [a.kind, b.kind];
  if (!kinds.every((kind) => ['date', 'timestamp', 'timestamp_ntz'].includes(kind))) return undefined;
  if (kinds.includes('timestamp')) return { kind: 'timestamp' };
  return { kind: 'timestamp_ntz' };
}

/** Text beside another simple type becomes text, except beside binary and boolean. */
function widerText(a: SqlType, b: SqlType): SqlType | undefined {
  const other = a.kind === 'string' ? b : b.kind === 'string' ? a : undefined;
  if (other === undefined) return undefined;
  const texts = isIntegral(other) || isFloating(other) || other.kind === 'decimal';
  return texts || ['date', 'timestamp', 'timestamp_ntz'].includes(other.kind)
    ? { kind: 'string' }
    : undefined;
}
