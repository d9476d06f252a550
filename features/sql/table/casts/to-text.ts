import { isIntegral, type SqlType } from '../../types.ts';
import { bound, once } from '../once.ts';
import { doubleToText } from './float-to-text.ts';
import type { Conversion, Form } from './form.ts';

/** Conversions to texts. */
export function toTextConversion(from: SqlType): Conversion {
  if (isIntegral(from) || from.kind === 'boolean') return plain;
  if (from.kind === 'decimal') return ofDecimal;
  if (from.kind === 'double') return doubleToText;
  if (from.kind === 'float') return 'convert to double or decimal first';
  if (from.kind === 'date') return ofDate;
  if (from.kind === 'timestamp' || from.kind === 'timestamp_ntz') return ofTimestamp;
  return from.kind === 'binary' ? ofBinary : undefined;
}

const plain: Form = (sql) => `CAST(${sql} AS VARCHAR)`;

/** Java writes a decimal below 0.000001 with an exponent, except for TRY_CAST. */
const ofDecimal: Form = (sql, from, _to, attempt) => {
  if (from.kind !== 'decimal') throw new TypeError('The text of a decimal is made of a decimal.');
  if (from.scale <= 6 || attempt) return plainText(sql, from);
  return once([sql], ([x = '']) => {
    const digits = `ltrim(replace(CAST(abs(${x}) AS VARCHAR), '.', ''), '0')`;
    const shown = `(CASE WHEN ${x} = 0 THEN '0' ELSE ${digits} END)`;
    const point = `(CASE WHEN length(${digits}) > 1 THEN '.' ELSE '' END)`;
    const sign = `(CASE WHEN ${x} < 0 THEN '-' ELSE '' END)`;
    const exponent = `CAST(${from.scale} + 1 - length(${shown}) AS VARCHAR)`;
    const scientific = `concat(${sign}, ${shown}[1], ${point}, ${shown}[2:], 'E-', ${exponent})`;
    return `(CASE WHEN abs(${x}) < 0.000001 THEN ${scientific} ELSE ${plainText(x, from)} END)`;
  });
};

/** DuckDB leaves out the zero before the point if the type has no whole digits. */
function plainText(sql: string, { precision, scale }: SqlType & { readonly kind: 'decimal' }): string {
  const text = `CAST(${sql} AS VARCHAR)`;
  return precision === scale ? `regexp_replace(${text}, '^(-?)\\.', '\\10.')` : text;
}

/** Years beyond 9999 have a sign, and years before 1 are counted on from 0. */
const ofDate: Form = (sql) =>
  once([sql], ([x = '']) => dated(x, `CAST(${x} AS VARCHAR)`, `strftime(${x}, '-%m-%d')`));

/** No zeros at the end of the fraction, as in DuckDB. */
const ofTimestamp: Form = (sql) =>
  once([sql], ([x = '']) => {
    const early = `strftime(${x}, '-%m-%d %H:%M:%S') || rtrim(rtrim(strftime(${x}, '.%f'), '0'), '.')`;
    return dated(x, `CAST(${x} AS VARCHAR)`, early);
  });

function dated(x: string, common: string, early: string): string {
  const year = `(CASE WHEN year(${x}) < 0 THEN '-' ELSE '' END) || lpad(CAST(abs(year(${x})) AS VARCHAR), 4, '0')`;
  return `(CASE WHEN year(${x}) > 9999 THEN '+' || ${common} WHEN year(${x}) < 1 THEN ${year} || ${early} ELSE ${common} END)`;
}

const INVALID = "error('millrace: bytes are not UTF-8, so they cannot be read as a text')";

const ofBinary: Form = (sql) =>
  bound([sql], ([x = '']) => `coalesce(TRY(decode(${x})), CASE WHEN ${x} IS NOT NULL THEN ${INVALID} END)`);
