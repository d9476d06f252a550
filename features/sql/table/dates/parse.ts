import { textSql } from '../../text-sql.ts';
import { bound } from '../once.ts';
import { type Piece, piecesOf } from './patterns.ts';

interface Field {
  /** Name of the group that holds it. */
  readonly group: string;
  /** What Java's strict DateTimeFormatter takes. */
  readonly text: string;
  /** Whether the length is known, so that digits of another field may follow. */
  readonly fixed: boolean;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const FULL_MONTHS =
  'january february march april may june july august september october november december'.split(' ');

const digits = (group: string, count: number): Field => ({ group, text: `[0-9]{${count}}`, fixed: true });
const number = (group: string): Field => ({ group, text: '[0-9]{1,19}', fixed: false });
const word = (group: string, words: readonly string[]): Field => ({
  group,
  text: words.join('|'),
  fixed: true,
});

const FIELDS: Readonly<Record<string, Field>> = {
  y: { group: 'year', text: '-?[0-9]{1,19}', fixed: false },
  yy: digits('short_year', 2),
  // Years of more digits need a sign.
  yyyy: { group: 'year', text: '-?[0-9]{4}|[+-][0-9]{5,10}', fixed: true },
  M: number('month'),
  MM: digits('month', 2),
  MMM: word('month_name', MONTHS),
  MMMM: word('month_name', FULL_MONTHS),
  d: number('day'),
  dd: digits('day', 2),
  H: number('hour'),
  HH: digits('hour', 2),
  h: number('half_hour'),
  hh: digits('half_hour', 2),
  a: word('half', ['am', 'pm']),
  m: number('minute'),
  mm: digits('minute', 2),
  s: number('second'),
  ss: digits('second', 2),
};

/** A fraction of a second may be shorter than its pattern. */
function fieldOf({ letter, count }: Extract<Piece, { letter: string }>): Field | undefined {
  if (letter === 'S' && count <= 9) return { group: 'fraction', text: `[0-9]{1,${count}}`, fixed: false };
  return FIELDS[letter.repeat(count)];
}

const isNumber = ({ group }: Field): boolean => group !== 'month_name' && group !== 'half';

interface Plan {
  readonly groups: readonly string[];
  /** Regular expression of RE2 with a group for each of `groups`. */
  readonly expression: string;
}

/** Undefined for a pattern with letters, or letters side by side, that are not proven. */
function planOf(pattern: string): Plan | undefined {
  const fields: Field[] = [];
  let expression = '';
  let before: Field | undefined;
  for (const piece of piecesOf(pattern) ?? [{ letter: '?', count: 1 }]) {
    if ('text' in piece) {
      expression += piece.text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
      if (piece.text !== '') before = undefined;
      continue;
    }
    const of = fieldOf(piece);
    if (of === undefined) return undefined;
    const together = before !== undefined && isNumber(before) && isNumber(of);
    if (together && !(before?.fixed === true && of.fixed)) return undefined;
    fields.push(of);
    expression += `(${of.text})`;
    before = of;
  }
  const groups = fields.map(({ group }) => group);
  return isWhole(groups) ? { groups, expression: `(?i)^${expression}$` } : undefined;
}

/** Whether no field is given twice, and hours are of one kind. */
function isWhole(groups: readonly string[]): boolean {
  const has = (group: string): boolean => groups.includes(group);
  const twice =
    new Set(groups).size < groups.length ||
    (has('year') && has('short_year')) ||
    (has('month') && has('month_name'));
  const mixed = has('hour') ? has('half_hour') || has('half') : has('half') && !has('half_hour');
  return groups.length > 0 && !twice && !mixed;
}

/** The timestamp of extracted groups, or NULL where they make none. */
function valueOf(found: string, groups: readonly string[]): string {
  const has = (group: string): boolean => groups.includes(group);
  const read = (group: string, otherwise: string): string =>
    has(group) ? `TRY_CAST(${found}.${group} AS INTEGER)` : otherwise;
  const year = has('short_year') ? `2000 + ${read('short_year', '0')}` : read('year', '1970');
  const month = has('month_name')
    ? `list_position([${MONTHS.map((name) => `'${name}'`).join(', ')}], lower(${found}.month_name)[1:3])`
    : read('month', '1');
  const pm = has('half') ? ` + CASE lower(${found}.half) WHEN 'pm' THEN 12 ELSE 0 END` : '';
  const hour = has('half_hour') ? `${read('half_hour', '0')} % 12${pm}` : read('hour', '0');
  const limits = { half_hour: '1 AND 12', hour: '0 AND 23', minute: '0 AND 59', second: '0 AND 59' };
  const inside = Object.entries(limits)
    .filter(([group]) => has(group))
    .map(([group, limit]) => `${read(group, '0')} BETWEEN ${limit}`);
  const fraction = has('fraction') ? `CAST(rpad(${found}.fraction, 9, '0')[1:6] AS BIGINT)` : '0';
  const seconds = `(${hour}) * 3600 + ${read('minute', '0')} * 60 + ${read('second', '0')}`;
  const date = `TRY_CAST(TRY(make_date(${year}, ${month}, ${read('day', '1')})) AS TIMESTAMP)`;
  const time = `to_microseconds(CAST(${seconds} AS BIGINT) * 1000000 + ${fraction})`;
  if (inside.length === 0) return date;
  return `CASE WHEN ${inside.join(' AND ')} THEN ${date} + ${time} END`;
}

/** The timestamp that a text is by a constant pattern, NULL for another text; undefined for a pattern that is not proven. */
export function parsed(text: string, pattern: string): string | undefined {
  const plan = planOf(pattern);
  if (plan === undefined) return undefined;
  const names = plan.groups.map((group) => `'${group}'`).join(', ');
  return bound([`regexp_extract(${text}, ${textSql(plan.expression)}, [${names}])`], ([found = '']) => {
    // The groups of a text that does not match are empty, and no field that was read is.
    const matches = `${found}.${plan.groups[0] ?? ''} <> ''`;
    return `(CASE WHEN ${matches} THEN ${valueOf(found, plan.groups)} END)`;
  });
}
