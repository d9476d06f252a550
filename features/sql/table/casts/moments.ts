import { duckDbType, isFloating, isIntegral, type SqlType } from '../../types.ts';
import type { Conversion, Form } from './form.ts';
import { textToDate, textToTimestamp } from './text-to-moment.ts';

const isTimestamp = ({ kind }: SqlType): boolean => kind === 'timestamp' || kind === 'timestamp_ntz';

/** Conversions between moments, and of other values to and from them. */
export function momentConversion(from: SqlType, to: SqlType): Conversion {
  const plain: Form = (sql) => `CAST(${sql} AS ${duckDbType(to)})`;
  if (from.kind === 'date') return isTimestamp(to) ? plain : 'use datediff(…) to count days';
  if (isTimestamp(from) && (to.kind === 'date' || isTimestamp(to))) return plain;
  if (from.kind === 'string') return to.kind === 'date' ? textToDate : textToTimestamp;
  if (from.kind === 'timestamp') return timestampToNumber(to);
  return undefined;
}

/** Whole seconds since 1970, rounded down. */
const seconds = (sql: string): string => `(epoch_us(date_trunc('second', ${sql})) // 1000000)`;

function timestampToNumber(to: SqlType): Conversion {
  if (to.kind === 'bigint') return seconds;
  if (isIntegral(to)) return (sql, _from, type) => `TRY_CAST(${seconds(sql)} AS ${duckDbType(type)})`;
  if (isFloating(to)) return (sql, _from, type) => `CAST(epoch_us(${sql}) / 1000000 AS ${duckDbType(type)})`;
  return 'convert to bigint or double';
}
