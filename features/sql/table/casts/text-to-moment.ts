import type { SqlType } from '../../types.ts';
import { once } from '../once.ts';
import type { Form } from './form.ts';
import { BLANK, matched } from './from-text.ts';

const DAY = '(\\d{4}-\\d\\d-\\d\\d)';
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,6})?';

/** The usual form of a text is read by DuckDB itself; only the others take the slow way. */
function usual(x: string, pattern: string, type: string, others: string): string {
  return `coalesce(TRY_CAST(CASE WHEN regexp_full_match(${x}, '${pattern}') THEN ${x} END AS ${type}), ${others})`;
}

/** `2024`, `2024-2` and `2024-2-3`, which anything may follow after a blank or a T. */
export const textToDate: Form = (sql) =>
  once([sql], ([x = '']) => {
    const parts = `${BLANK}\\+?(-?\\d{4,7})(?:-(\\d{1,2})(?:-(\\d{1,2})(?:[ T].*)?)?)?${BLANK}`;
    const day = matched(x, parts, '\\1-\\2-\\3');
    // The parts that a text leaves out are 1: `2024--` and `2024-2-` become `2024-1-1` and `2024-2-1`.
    const whole = `regexp_replace(replace(${day}, '--', '-1-'), '-$', '-1')`;
    return usual(x, DAY, 'DATE', `TRY_CAST(${whole} AS DATE)`);
  });

const PARTS = ['y', 'm', 'd', 'h', 'i', 's', 'f', 'sign', 'oh', 'oi', 'oh2', 'oi2'];
const OFFSET = '([+-])(?:(\\d\\d?)(?::(\\d\\d?))?|(\\d\\d)(\\d\\d))';
const ZONE = ` *(?:Z|(?:UTC|GMT|UT)?${OFFSET}|UTC|GMT|UT)`;
const MOMENT = `^${BLANK}([+-]?\\d{4,6})(?:-(\\d\\d?)(?:-(\\d\\d?)(?:[ T](\\d\\d?)(?::(\\d\\d?)(?::(\\d\\d?)(?:\\.(\\d*))?(?:${ZONE})?)?)?)?)?)?${BLANK}$`;

/** A time alone would mean the current day; the names of time zones are not read. */
const TIME_ALONE = `^(?:T\\d\\d?(?::\\d\\d?)*|${BLANK}\\d\\d?(?::\\d\\d?){1,2})(?:\\.\\d*)?(?:${ZONE})?${BLANK}$`;
const NAMED_ZONE = `^${BLANK}[+-]?\\d{4,6}-\\d\\d?-\\d\\d?[ T]\\d\\d?:\\d\\d?:\\d\\d?(?:\\.\\d*)? *(?:[A-Za-z]{2}[A-Za-z0-9~/._+:-]+|GB|NZ|[+-]\\d\\d:?\\d\\d:?\\d\\d)${BLANK}$`;

/** A part that a text leaves out. */
const part = (text: string, otherwise: number): string =>
  `coalesce(TRY_CAST(${text} AS BIGINT), ${otherwise})`;

/** Years to the digits of a fraction, and for a timestamp an offset from UTC, which a timestamp without a zone ignores. */
export const textToTimestamp: Form = (sql, _from, to) =>
  once([sql], ([x = '']) => {
    const parts = `regexp_extract(${x}, '${MOMENT}', [${PARTS.map((name) => `'${name}'`).join(', ')}])`;
    const read = once([parts, x], ([p = '', text = '']) => momentOf(p, text, to));
    return usual(x, `${DAY}(?:[ T]${TIME})?`, 'TIMESTAMP', read);
  });

function momentOf(p: string, text: string, to: SqlType): string {
  const [hour, minute, second] = [part(`${p}.h`, 0), part(`${p}.i`, 0), part(`${p}.s`, 0)];
  const made = `make_timestamp(TRY_CAST(${p}.y AS BIGINT), ${part(`${p}.m`, 1)}, ${part(`${p}.d`, 1)}, ${hour}, ${minute}, ${second})`;
  const fraction = `to_microseconds(${part(`rpad(${p}.f[1:6], 6, '0')`, 0)})`;
  const offset = `(${part(`concat(${p}.oh, ${p}.oh2)`, 0)} * 60 + ${part(`concat(${p}.oi, ${p}.oi2)`, 0)})`;
  const shift = `to_minutes(CASE ${p}.sign WHEN '-' THEN -1 ELSE 1 END * ${offset})`;
  const valid = `${hour} < 24 AND ${second} < 60 AND ${offset} <= 1080 AND ${part(`concat(${p}.oi, ${p}.oi2)`, 0)} < 60`;
  const inUtc =
    to.kind === 'timestamp' ? `TRY(${made} + ${fraction} - ${shift})` : `TRY(${made} + ${fraction})`;
  const refused = [
    ...(to.kind === 'timestamp'
      ? [
          `WHEN regexp_matches(${text}, '${TIME_ALONE}') THEN error('millrace: a text holds a time without a day')`,
        ]
      : []),
    `WHEN regexp_matches(${text}, '${NAMED_ZONE}') THEN error('millrace: a text holds the name of a time zone, which cannot be read')`,
  ];
  return `(CASE WHEN ${p}.y <> '' THEN CASE WHEN ${valid} THEN ${inUtc} END ${refused.join(' ')} END)`;
}
