import { invalid, unproven } from '../fault.ts';
import type { Expression, Literal } from '../syntax.ts';
import { decimal, DOUBLE, isFloating, MAX_PRECISION, type SqlType } from '../types.ts';
import type { Cursor } from './cursor.ts';
import { dateText, timestampText } from './moment-literals.ts';
import type { Token } from './tokens.ts';

const SUFFIXES: Readonly<Record<string, SqlType>> = {
  L: { kind: 'bigint' },
  S: { kind: 'smallint' },
  Y: { kind: 'tinyint' },
  D: { kind: 'double' },
  F: { kind: 'float' },
};

const BITS: Readonly<Record<string, bigint>> = { tinyint: 7n, smallint: 15n, int: 31n, bigint: 63n };

/** `1` is an int, `1L` a bigint, `1.5` a decimal(2,1), `1e3` and `1D` a double, as in Spark. */
export function numberLiteral({ text, at }: Token, { negative = false } = {}): Literal {
  const sign = negative ? '-' : '';
  const make = (type: SqlType, digits: string): Literal => ({
    kind: 'literal',
    at,
    type,
    value: sign + digits,
  });
  if (/e.*BD$/i.test(text)) throw unproven('An exponent before BD', 'write the digits out', at);
  if (/BD$/i.test(text)) return make(decimalOf(text.slice(0, -2), at), text.slice(0, -2));
  const type = SUFFIXES[text.slice(-1).toUpperCase()];
  if (type !== undefined) {
    const digits = text.slice(0, -1);
    if (isFloating(type)) return make(finite(type, digits, at), digits);
    if (!/^\d+$/.test(digits)) throw invalid(`${text} is not a whole number.`, at);
    if (!fits(type, sign + digits)) throw invalid(`${sign}${digits} does not fit ${type.kind}.`, at);
    return make(type, digits);
  }
  if (/e/i.test(text)) return make(finite(DOUBLE, text, at), text);
  if (text.includes('.')) return make(decimalOf(text, at), text);
  return make(integerOf(sign + text, text, at), text);
}

function integerOf(number: string, digits: string, at: number): SqlType {
  const type = (['int', 'bigint'] as const).find((kind) => fits({ kind }, number));
  return type === undefined ? decimalOf(digits, at) : { kind: type };
}

function finite(type: SqlType, digits: string, at: number): SqlType {
  const number = type.kind === 'float' ? Math.fround(Number(digits)) : Number(digits);
  if (!Number.isFinite(number)) throw invalid(`${digits} does not fit ${type.kind}.`, at);
  return type;
}

function fits({ kind }: SqlType, number: string): boolean {
  const end = 2n ** (BITS[kind] ?? 63n);
  return BigInt(number) >= -end && BigInt(number) < end;
}

function decimalOf(digits: string, at: number): SqlType {
  const [whole = '', fraction = ''] = digits.split('.');
  const significant = (whole.replace(/^0+/, '') + fraction).length;
  const precision = Math.max(significant, fraction.length, 1);
  if (precision > MAX_PRECISION)
    throw invalid(`A number of more than ${MAX_PRECISION} digits does not fit a decimal.`, at);
  return decimal(precision, fraction.length);
}

/** `DATE '2024-02-29'`, `TIMESTAMP '2024-02-29 12:00:00.5'`. */
export function typedLiteral(cursor: Cursor): Expression {
  const { upper, at } = cursor.take();
  const { text } = cursor.take();
  if (upper === 'DATE') return { kind: 'literal', at, type: { kind: 'date' }, value: dateText(text, at) };
  if (upper === 'X') throw unproven('A binary literal', 'use unhex(…)', at);
  if (upper === 'TIMESTAMP_NTZ' && /[+-]\d{2}:\d{2}$/.test(text.trim()))
    throw unproven('A TIMESTAMP_NTZ with an offset', 'use TIMESTAMP', at);
  const type: SqlType = upper === 'TIMESTAMP_NTZ' ? { kind: 'timestamp_ntz' } : { kind: 'timestamp' };
  return { kind: 'literal', at, type, value: timestampText(text, at) };
}
