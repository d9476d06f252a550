import { duckDbType, isFloating, isIntegral, type SqlType } from '../../types.ts';
import type { Conversion, Form } from './form.ts';
import { once } from '../once.ts';
import { textToDate, textToTimestamp } from './text-to-moment.ts';

const isTimestamp = ({ kind }: SqlType): boolean => kind === 'timestamp' || kind === 'timestamp_ntz';

/** Conversions between moments, and of other values to and from them. */
export function momentConversion(from: SqlType, to: SqlType): Conversion {
  const plain: Form = (sql) => `CAST(${sql} AS ${duckDbType(to)})`;
  if (from.kind === 'date') return isTimestamp(to) ? plain : 'use datediff(…) to count days';
  if (isTimestamp(from) && (to.kind === 'date' || isTimestamp(to))) return plain;
  if (from.kind === 'string') return to.kind === 'date' ? textToDate : textToTimestamp;
  if (from.kind === 'timestamp') return timestampToNumber(to);
  if (to.kind === 'timestamp' && (isIntegral(from) || from.kind === 'double')) return toTimestamp;
  return undefined;
}

/** Whole seconds since 1970, rounded down. */
const seconds = (sql: string): string => `(epoch_us(date_trunc('second', ${sql})) // 1000000)`;

/** Seconds since 1970. The first and last timestamps of Spark are infinite in DuckDB. */
const toTimestamp: Form = (sql, from) =>
  once([sql], ([x = '']) => {
    const micros = isIntegral(from)
      ? `CAST(${x} AS BIGINT) * 1000000`
      : `CAST(trunc(${x} * 1000000) AS BIGINT)`;
    const outside = `WHEN abs(CAST(${x} AS DOUBLE)) > 9223372022400 THEN error('millrace: a timestamp is out of range')`;
    const cases = isIntegral(from) ? outside : `WHEN NOT isfinite(${x}) THEN NULL ${outside}`;
    return `(CASE ${cases} ELSE make_timestamp(${micros}) END)`;
  });

function timestampToNumber(to: SqlType): Conversion {
  if (to.kind === 'bigint') return seconds;
  if (isIntegral(to)) return (sql, _from, type) => `TRY_CAST(${seconds(sql)} AS ${duckDbType(type)})`;
  if (isFloating(to)) return (sql, _from, type) => `CAST(epoch_us(${sql}) / 1000000 AS ${duckDbType(type)})`;
  return 'convert to bigint or double';
}
