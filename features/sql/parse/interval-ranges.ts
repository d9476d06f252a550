import { invalid } from '../fault.ts';

const FIELDS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];

/** How each field is written, after the sign before it; none but the first exceeds what the field before it holds. */
const FIRST = '\\d{1,9}';
const NEXT: Readonly<Record<string, string>> = {
  MONTH: '-(0?\\d|1[01])',
  HOUR: ' (0?\\d|1\\d|2[0-3])',
  MINUTE: ':(0?\\d|[1-5]\\d)',
  SECOND: ':((?:0?\\d|[1-5]\\d)(?:\\.\\d{1,9})?)',
};

/** The amounts of `'1-2' YEAR TO MONTH` or `'1 02:03:04.5' DAY TO SECOND` by their units, all of one sign. */
export function rangeOf(text: string, from: string, to: string, at: number): [string, string][] {
  const [first, last] = [FIELDS.indexOf(from), FIELDS.indexOf(to)];
  const isRange = first !== -1 && last > first && (first > 1 || to === 'MONTH');
  if (!isRange) throw invalid(`An interval cannot be of ${from} TO ${to}.`, at);
  const fields = FIELDS.slice(first, last + 1);
  const rest = fields.slice(1).map((field) => NEXT[field] ?? '');
  const [, sign = '', ...amounts] = new RegExp(`^([+-]?)(${FIRST})${rest.join('')}$`).exec(text.trim()) ?? [];
  if (amounts.length === 0) throw invalid(`'${text}' is not an interval of ${from} TO ${to}.`, at);
  return fields.map((field, index) => [sign + (amounts[index] ?? ''), field]);
}
