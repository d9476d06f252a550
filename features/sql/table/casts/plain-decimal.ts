import { duckDbType, type SqlType } from '../../types.ts';
import { once } from '../once.ts';

/**
 * A text of a number as a decimal, rounded half up; NULL if it does not fit. A negative exponent is written out as zeros,
 * because DuckDB rounds such numbers wrongly.
 */
export function plainDecimal(sql: string, to: SqlType): string {
  return once([`lower(${sql})`], ([x = '']) => {
    const number = `split_part(${x}, 'e-', 1)`;
    const whole = `ltrim(regexp_extract(${number}, '^[+-]?([0-9]*)', 1), '0')`;
    const fraction = `regexp_extract(${number}, '\\.([0-9]*)$', 1)`;
    const places = `least(TRY_CAST(split_part(${x}, 'e-', 2) AS BIGINT), 400)`;
    const digits = `concat(repeat('0', CAST(greatest(${places} - length(${whole}), 0) AS INTEGER)), ${whole})`;
    const split = `CAST(length(${digits}) - ${places} AS INTEGER)`;
    const sign = `CASE WHEN ${x} LIKE '-%' THEN '-' ELSE '' END`;
    const written = `concat(${sign}, '0', left(${digits}, ${split}), '.', substr(${digits}, ${split} + 1), ${fraction})`;
    return `TRY_CAST(CASE WHEN contains(${x}, 'e-') THEN ${written} ELSE ${x} END AS ${duckDbType(to)})`;
  });
}
