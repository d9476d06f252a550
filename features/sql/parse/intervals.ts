import { invalid, unproven } from '../fault.ts';
import type { IntervalLiteral } from '../syntax.ts';
import type { Cursor } from './cursor.ts';

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
  const next = cursor.peek(1);
  return (
    cursor.is('INTERVAL') &&
    (next.kind === 'number' ||
      next.kind === 'string' ||
      (next.text === '-' && cursor.peek(2).kind === 'number'))
  );
}

/** `INTERVAL 1 MONTH`, `INTERVAL '7' DAYS`, `INTERVAL '1 day 2 hours'`, `INTERVAL 1 DAY 2 HOURS`. */
export function intervalLiteral(cursor: Cursor): IntervalLiteral {
  const { at } = cursor.take();
  const parts: [string, string][] = [];
  while (isAmount(cursor)) {
    const sign = cursor.skip('-') ? '-' : '';
    const amount = cursor.take();
    if (amount.kind === 'string' && unitOf(cursor.token.upper) === undefined)
      parts.push(...partsOf(amount.text, at));
    else parts.push([sign + amount.text.trim(), cursor.take().upper]);
  }
  if (cursor.is('TO'))
    throw unproven('An interval from one unit TO another', 'write it with several units', at);
  return sumOf(parts, at);
}

function isAmount(cursor: Cursor): boolean {
  const [token, next] = [cursor.token, cursor.peek(1)];
  if (token.kind === 'string') return true;
  if (token.kind === 'number') return unitOf(next.upper) !== undefined;
  return token.text === '-' && next.kind === 'number' && unitOf(cursor.peek(2).upper) !== undefined;
}

function partsOf(text: string, at: number): [string, string][] {
  const words = text.trim().split(/\s+/);
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
  const kinds = new Set<'interval_month' | 'interval_day'>();
  let days = true;
  for (const [amount, word] of parts) {
    const unit = unitOf(word);
    if (unit === undefined) throw invalid(`"${word}" is not a unit of time.`, at);
    if (!/^[+-]?\d{1,9}$/.test(amount))
      throw unproven(`The amount ${amount} in an interval`, 'use whole numbers', at);
    if (unit in MONTHS) months += Number(amount) * (MONTHS[unit] ?? 0);
    else microseconds += BigInt(amount) * (MICROSECONDS[unit] ?? 0n);
    days &&= unit === 'WEEK' || unit === 'DAY';
    kinds.add(unit in MONTHS ? 'interval_month' : 'interval_day');
  }
  const [kind, ...more] = kinds;
  if (kind === undefined) throw invalid('An interval needs an amount and a unit.', at);
  if (more.length > 0)
    throw unproven('An interval of months and days together', 'add two intervals, one after the other', at);
  return {
    kind: 'interval',
    at,
    months,
    microseconds,
    type: { kind: kind === 'interval_day' && days ? 'interval_days' : kind },
  };
}
