import { duckDbType, MAX_PRECISION, type SqlType } from '../../types.ts';

type Decimal = SqlType & { readonly kind: 'decimal' };

/** DuckDB gives a product of decimals no more than 18 digits unless an operand has more. */
export function roomy(sql: string, { precision, scale }: Decimal): string {
  return precision > 18 ? sql : `CAST(${sql} AS DECIMAL(19, ${scale}))`;
}

/** The digits of a decimal as a HUGEINT: 1.25 as 125, or as 12500 for a scale of 4. */
export function unscaled(sql: string, type: Decimal, scale = type.scale): string {
  const { precision, scale: of } = type;
  const zeros = '0'.repeat(scale);
  if (scale === 0) return `CAST(${sql} AS HUGEINT)`;
  // The product of decimals has room for the digits of both.
  if (precision + scale < MAX_PRECISION)
    return `CAST(${roomy(sql, type)} * CAST(1${zeros} AS DECIMAL(${scale + 1}, 0)) AS HUGEINT)`;
  const digits = `CAST(replace(CAST(${sql} AS VARCHAR), '.', '') AS HUGEINT)`;
  return scale === of ? digits : `(${digits} * CAST(1${'0'.repeat(scale - of)} AS HUGEINT))`;
}

/** The decimal of digits that are a HUGEINT; NULL if they do not fit. */
export function scaled(sql: string, type: Decimal): string {
  const whole = `TRY_CAST(${sql} AS DECIMAL(${MAX_PRECISION}, 0))`;
  if (type.scale === 0) return `TRY_CAST(${whole} AS ${duckDbType(type)})`;
  const unit = `CAST('0.${'0'.repeat(type.scale - 1)}1' AS DECIMAL(${type.scale}, ${type.scale}))`;
  return `TRY_CAST(${whole} * ${unit} AS ${duckDbType(type)})`;
}
