import { invalid, unproven } from '../fault.ts';
import type { IntervalLiteral } from '../syntax.ts';
import type { Cursor } from './cursor.ts';
import { rangeOf } from './interval-ranges.ts';
import type { Token } from './tokens.ts';

const MICROSECONDS: Readonly<Record<string, bigint>> = {
  WEEK: 604_800_000_000n,
  DAY: 86_400_000_000n,
  HOUR: 3_600_000_000n,
  MINUTE: 60_000_000n,
  SECOND: 1_000_000n,
  MILLISECOND: 1_000n,
  MICROSECOND: 1n,
};

const MONTHS: Readonly<Record<string, number>> = { YEAR: 12, MONTH: 1 };

/** Whether `INTERVAL` begins a literal here, rather than naming a column. */
export function isInterval(cursor: Cursor): boolean {
  const next = cursor.peek(isSign(cursor.peek(1)) ? 2 : 1);
  return cursor.is('INTERVAL') && (next.kind === 'number' || next.kind === 'string');
}

const isSign = ({ kind, text }: Token): boolean => kind === 'symbol' && (text === '-' || text === '+');

/** `INTERVAL 1 MONTH`, `INTERVAL '7' DAYS`, `INTERVAL '1 day 2 hours'`, `INTERVAL 1 DAY 2 HOURS`. */
export function intervalLiteral(cursor: Cursor): IntervalLiteral {
  const { at } = cursor.take();
  const parts: [string, string][] = [];
  while (isAmount(cursor)) {
    const sign = isSign(cursor.token) && cursor.take().text === '-' ? '-' : '';
    const amount = cursor.take();
    if (amount.kind === 'string' && unitOf(cursor.token.upper) === undefined)
      parts.push(...partsOf(amount.text, at));
    else {
      const text = negated(amount.text.trim(), sign);
      const unit = cursor.take().upper;
      if (cursor.skip('TO')) return sumOf(rangeOf(text, unit, cursor.take().upper, at), at);
      parts.push([text, unit]);
    }
  }
  return sumOf(parts, at);
}

function negated(amount: string, sign: string): string {
  return sign === '-' && amount.startsWith('-') ? amount.slice(1) : sign + amount;
}

function isAmount(cursor: Cursor): boolean {
  const from = isSign(cursor.token) ? 1 : 0;
  const token = cursor.peek(from);
  if (token.kind === 'string') return from === 0 || unitOf(cursor.peek(2).upper) !== undefined;
  return token.kind === 'number' && unitOf(cursor.peek(from + 1).upper) !== undefined;
}

/** `1 day -2 hours`, where a sign may stand apart. */
function partsOf(text: string, at: number): [string, string][] {
  const words = text
    .trim()
    .replace(/^interval\s+/i, '')
    .replaceAll(/([+-])\s+/g, '$1')
    .split(/\s+/);
  if (words.length < 2 || words.length % 2 !== 0)
    throw invalid(`'${text}' is not an interval such as '1 day 2 hours'.`, at);
  return words.flatMap((word, index): [string, string][] =>
    index % 2 === 0 ? [[word, (words[index + 1] ?? '').toUpperCase()]] : [],
  );
}

function unitOf(word: string): string | undefined {
  const unit = word.replace(/S$/, '');
  return unit in MICROSECONDS || unit in MONTHS ? unit : undefined;
}

function sumOf(parts: readonly (readonly [string, string])[], at: number): IntervalLiteral {
  let months = 0;
  let microseconds = 0n;
  const units = new Set<string>();
  for (const [amount, word] of parts) {
    const unit = unitOf(word);
    if (unit === undefined) throw invalid(`"${word}" is not a unit of time.`, at);
    const [, sign = '', whole = '', fraction] = /^([+-]?)(\d{1,12})(?:\.(\d{0,9}))?$/.exec(amount) ?? [];
    if (whole === '' || (fraction !== undefined && unit !== 'SECOND'))
      throw unproven(`The amount ${amount} of ${unit} in an interval`, 'use a whole number', at);
    const factor = sign === '-' ? -1 : 1;
    if (unit in MONTHS) months += factor * Number(whole) * (MONTHS[unit] ?? 0);
    else microseconds += BigInt(factor) * microsecondsOf(unit, whole, fraction);
    units.add(SAME[unit] ?? unit);
  }
  if (Math.abs(months) >= 2 ** 31 || BigInt.asIntN(64, microseconds) !== microseconds)
    throw invalid('The interval is too long.', at);
  return { kind: 'interval', at, months, microseconds, type: { kind: kindOf(units, at) }, units: [...units] };
}

/** Digits of a second beyond microseconds are cut off. */
function microsecondsOf(unit: string, whole: string, fraction = ''): bigint {
  return BigInt(whole) * (MICROSECONDS[unit] ?? 0n) + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}

/** Units that are not fields of an interval, by the field that holds them. */
const SAME: Readonly<Record<string, string>> = { WEEK: 'DAY', MILLISECOND: 'SECOND', MICROSECOND: 'SECOND' };

function kindOf(units: ReadonlySet<string>, at: number): 'interval_month' | 'interval_day' | 'interval_days' {
  const months = [...units].filter((unit) => unit in MONTHS).length;
  if (units.size === 0) throw invalid('An interval needs an amount and a unit.', at);
  if (months === units.size) return 'interval_month';
  if (months > 0)
    throw unproven('An interval of months and days together', 'add two intervals, one after the other', at);
  return units.size === 1 && units.has('DAY') ? 'interval_days' : 'interval_day';
}
