import { duckDbType, isNested, sameType, type SqlType } from '../types.ts';
import type { Conversion } from './casts/form.ts';
import { momentConversion } from './casts/moments.ts';
import { nestedConversion } from './casts/nested.ts';
import { numberConversion } from './casts/numbers.ts';
import { textConversion } from './casts/from-text.ts';
import { toTextConversion } from './casts/to-text.ts';

/** Conversions of values, by the kinds of types: DuckDB's form, or what to write instead of one that is not proven. */
function conversion(from: SqlType, to: SqlType): NonNullable<Conversion> {
  const found =
    from.kind === 'void'
      ? (sql: string) => `CAST(${sql} AS ${duckDbType(to)})`
      : isNested(from) || isNested(to)
        ? nestedConversion(from, to, conversion)
        : simpleConversion(from, to);
  return found ?? 'use another type';
}

const MOMENTS = ['date', 'timestamp', 'timestamp_ntz'];

function simpleConversion(from: SqlType, to: SqlType): Conversion {
  if (to.kind === 'string') return toTextConversion(from);
  if (MOMENTS.includes(from.kind) || (from.kind === 'string' && MOMENTS.includes(to.kind)))
    return momentConversion(from, to);
  if (from.kind === 'string') return textConversion(to);
  if (to.kind === 'timestamp') return momentConversion(from, to) ?? 'use timestamp_seconds(…)';
  return numberConversion(from, to);
}

/** Undefined if the conversion is proven; otherwise what to write instead. */
export function isCastable(from: SqlType, to: SqlType): string | undefined {
  if (sameType(from, to)) return undefined;
  const found = conversion(from, to);
  return typeof found === 'string' ? found : undefined;
}

export function castSql(sql: string, from: SqlType, to: SqlType, attempt = false): string {
  if (sameType(from, to)) return sql;
  const form = conversion(from, to);
  if (typeof form === 'string')
    throw new TypeError(`The conversion from ${from.kind} to ${to.kind} is not in the table.`);
  return form(sql, from, to, attempt);
}
