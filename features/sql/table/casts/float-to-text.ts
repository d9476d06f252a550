import { once } from '../once.ts';
import type { Form } from './form.ts';

/**
 * Java's text of a double: the shortest digits that give the same number, with an exponent below 0.001 and from ten million
 * on. Java 17 writes other digits for large whole numbers of more than two digits and for small powers of two, so
 * these are refused.
 */
export const doubleToText: Form = (sql) =>
  once([sql], ([x = '']) =>
    once([x, `CAST(${x} AS VARCHAR)`], ([v = '', text = '']) => {
      const size = `abs(${v})`;
      const whole = `${size} >= ${WHOLE} AND (${count(text)} > 2 OR ${size} >= 1e21)`;
      const many = `${count(text)} > 15`;
      const power = `log2(${size}) = trunc(log2(${size}))`;
      return [
        `(CASE WHEN isnan(${v}) THEN 'NaN'`,
        `WHEN isinf(${v}) THEN CASE WHEN ${v} > 0 THEN 'Infinity' ELSE '-Infinity' END`,
        `WHEN ${v} = 0 THEN ${text}`,
        `WHEN (${whole}) OR ${size} < ${SUBNORMAL} OR (${many} AND (${size} < 1e-7 OR ${power})) THEN error('millrace: ${REFUSED}')`,
        `WHEN ${size} >= 1e7 THEN ${large(text)}`,
        `WHEN ${size} < 0.001 THEN ${small(text)}`,
        `ELSE ${text} END)`,
      ].join(' ');
    }),
  );

/** From here on doubles have no fraction. */
const WHOLE = '9007199254740992';
/** Below it Java's shortest texts are not the shortest, such as 4.9E-324. */
const SUBNORMAL = '2.2250738585072014e-308';
const REFUSED = 'a double has no certain text; convert it to a decimal or an integer first';

/** Significant digits. */
const count = (text: string): string =>
  `length(rtrim(replace(split_part(ltrim(${text}, '-0.'), 'e', 1), '.', ''), '0'))`;

const sign = (text: string): string => `CASE WHEN ${text} LIKE '-%' THEN '-' ELSE '' END`;

function scientific(text: string, digits: string, exponent: string): string {
  const rest = `CASE WHEN length(${digits}) > 1 THEN ${digits}[2:] ELSE '0' END`;
  return `concat(${sign(text)}, ${digits}[1], '.', ${rest}, 'E', ${exponent})`;
}

/** `12345678.9` as `1.23456789E7` and `1e+20` as `1.0E20`. */
function large(text: string): string {
  const number = `ltrim(split_part(${text}, 'e', 1), '-')`;
  const whole = `split_part(${number}, '.', 1)`;
  const digits = `rtrim(replace(${number}, '.', ''), '0')`;
  const exponent = `coalesce(TRY_CAST(split_part(${text}, 'e', 2) AS INTEGER), length(${whole}) - 1)`;
  return scientific(text, digits, exponent);
}

/** `0.00012` and `1.2e-07` as `1.2E-4` and `1.2E-7`. */
function small(text: string): string {
  const number = `ltrim(split_part(${text}, 'e', 1), '-')`;
  const digits = `ltrim(replace(${number}, '.', ''), '0')`;
  const zeros = `length(regexp_extract(split_part(${number}, '.', 2), '^0*'))`;
  const exponent = `CASE WHEN contains(${text}, 'e') THEN CAST(split_part(${text}, 'e', 2) AS INTEGER) ELSE -1 - ${zeros} END`;
  return scientific(text, digits, exponent);
}
