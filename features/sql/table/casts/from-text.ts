import { duckDbType, isFloating, isIntegral, type SqlType } from '../../types.ts';
import { once } from '../once.ts';
import type { Conversion, Form } from './form.ts';
import { plainDecimal } from './plain-decimal.ts';

/** Conversions of texts. Patterns are RE2's; with the flag `s`, a dot matches a line break too. */
export function textConversion(to: SqlType): Conversion {
  if (isIntegral(to)) return toInteger;
  if (isFloating(to)) return toFloat;
  if (to.kind === 'decimal') return toDecimal;
  if (to.kind === 'boolean') return toBoolean;
  return to.kind === 'binary' ? (sql) => `encode(${sql})` : undefined;
}

/** Whitespace and control characters, which Spark cuts off at both ends. */
export const BLANK = '[\\x00-\\x20\\x7f]*';
/** What Java's `trim` cuts off. */
const JAVA_BLANK = '[\\x00-\\x20]*';

/** Replaces a text that matches, and makes any other text empty. */
export function matched(sql: string, pattern: string, by: string): string {
  return `regexp_replace(${sql}, '^(?:${pattern}|.*)$', '${by}', 's')`;
}

/** A fraction is cut off; TRY_CAST allows none. `.5` has no digit before its point, so the point becomes a zero. */
const toInteger: Form = (sql, _from, to, attempt) => {
  const digits = attempt ? '(\\d+)()' : '(?:(\\d+)(?:\\.\\d*)?|(\\.)\\d*)';
  const whole = matched(sql, `${BLANK}(?:\\+|(-))?${digits}${BLANK}`, '\\1\\2\\3');
  return `TRY_CAST(replace(${whole}, '.', '0') AS ${duckDbType(to)})`;
};

/** Java's forms of a number. DuckDB's own reading allows more, such as `1_000`. */
const NUMBER = '[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?';

/** A letter for the type may follow the number. A hexadecimal number with an exponent has no form here. */
const toFloat: Form = (sql, _from, to) => {
  const named = '[+-]?NaN|(?i:nan|[+-]?inf(?:inity)?)';
  const hexadecimal = '[+-]?0[xX][0-9a-fA-F.]+[pP][+-]?\\d+[dDfF]?';
  const text = matched(
    sql,
    `${JAVA_BLANK}(?:(${NUMBER})[dDfF]?|(${named})|(${hexadecimal}))${JAVA_BLANK}`,
    '\\1\\2\\3',
  );
  return once([text], ([x = '']) => {
    const refused = "error('millrace: a text holds a hexadecimal number, which cannot be read')";
    return `(CASE WHEN contains(lower(${x}), '0x') THEN ${refused} ELSE TRY_CAST(${x} AS ${duckDbType(to)}) END)`;
  });
};

/** Java reads the digits of any script, DuckDB only ASCII ones. */
const toDecimal: Form = (sql, _from, to) => {
  const text = matched(sql, `${JAVA_BLANK}(${NUMBER.replaceAll('\\d', '\\p{Nd}')})${JAVA_BLANK}`, '\\1');
  return once([text], ([x = '']) => {
    const refused = "error('millrace: a text holds digits other than 0 to 9, which cannot be read')";
    return `(CASE WHEN regexp_matches(${x}, '[^\\x00-\\x7f]') THEN ${refused} ELSE ${plainDecimal(x, to)} END)`;
  });
};

const WORDS = { TRUE: ['t', 'true', 'y', 'yes', '1'], FALSE: ['f', 'false', 'n', 'no', '0'] };

const toBoolean: Form = (sql) => {
  const text = `lower(regexp_replace(${sql}, '^${BLANK}(.*?)${BLANK}$', '\\1', 's'))`;
  const cases = Object.entries(WORDS).flatMap(([value, words]) =>
    words.map((word) => `WHEN '${word}' THEN ${value}`),
  );
  return `(CASE ${text} ${cases.join(' ')} END)`;
};
