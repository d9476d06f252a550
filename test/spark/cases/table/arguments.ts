import type { Param, Signature } from '#features/sql/table/entry.ts';
import { matchPattern } from '#features/sql/table/pattern.ts';
import { columnsOf, typed } from '../../data/tables.ts';
import { VALUE_TYPES } from '../../data/values.ts';
import { sqlType } from '../../translate.ts';

/** Combinations of arguments that are tried; the compiler refuses those that do not fit together. */
const MOST_TRIED = 2_000;
const MOST_REFUSED = 100;

/** Constants where a signature gives no samples. */
export const CONSTANTS: Readonly<Record<string, readonly string[]>> = {
  boolean: ['true', 'false'],
  double: ['0.5', '2'],
  int: ['0', '1', '3', '-1'],
  string: ["'a'", "''"],
  unit: ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND'],
  span: ["INTERVAL '1' DAY", "INTERVAL '-3 04:05:06.7' DAY TO SECOND", "INTERVAL '90' MINUTE"],
  interval_day: ["INTERVAL '1 02' DAY TO HOUR", "INTERVAL '-1' SECOND"],
  interval_days: ["INTERVAL '1' DAY", "INTERVAL '-30' DAY"],
  interval_month: ["INTERVAL '1' MONTH", "INTERVAL '-1-2' YEAR TO MONTH"],
};

/**
 * Functions whose result is as long as an argument says: with large numbers, both engines would run out of memory. And
 * `element_at`, which crashes Spark for the smallest int.
 */
const SIZED = new Set(['array_repeat', 'element_at', 'lpad', 'repeat', 'rpad', 'sequence', 'space']);

/** Functions on which both engines fail for large numbers; examples in the table show that they do. */
const LIMITED = new Set(
  (
    'add_months date_add make_date make_dt_interval make_timestamp make_timestamp_ntz make_ym_interval timestamp_millis ' +
    'timestamp_seconds timestampadd'
  ).split(' '),
);

/** True if the parameter takes only small numbers. */
export function isSize(name: string, { type }: Param): boolean {
  return SIZED.has(name) && !/^(string|binary|any|array|boolean|lambda|[A-Z]$)/.test(type);
}

/** True if the parameter takes only numbers of at most two bytes. */
export function isLimited(name: string, { type }: Param): boolean {
  return LIMITED.has(name) && /^(int|bigint|integral|decimal\(.*)$/.test(type);
}

export interface ArgumentList {
  readonly args: readonly string[];
  /** True if an argument becomes of a type that does not hold all its values, or is read from text. */
  readonly isConverted: boolean;
}

/** The cost of a conversion that keeps the value, at most. */
const WIDENING = 2;

interface Choice {
  readonly sql: string;
  /** Empty for a constant. */
  readonly type: string;
  /** Of the conversion to the parameter's type. */
  readonly cost: number;
}

/**
 * Argument lists for a signature: columns of each type that a parameter accepts, and samples of constants. Lists that need
 * the least conversion come first.
 */
export function argumentLists(name: string, { params, rest }: Signature): readonly ArgumentList[] {
  const wanted = [...params, ...(rest === undefined ? [] : [rest, rest])];
  const choices = wanted.map((param, index) => choicesOf(name, param, index));
  const total = choices.reduce((size, of) => size * of.length, 1);
  const lists = total <= MOST_TRIED ? product(choices) : diagonals(choices);
  return lists
    .toSorted((a, b) => strain(a) - strain(b))
    .map((list) => ({
      args: list.map(({ sql }) => sql),
      isConverted: list.some(({ cost }) => cost > WIDENING),
    }));
}

/** Conversions, and types that differ from each other. */
function strain(list: readonly Choice[]): number {
  const types = new Set(list.filter(({ type }) => type !== '').map(({ type }) => type));
  return list.reduce((sum, { cost }) => sum + cost, 0) + types.size / 10;
}

/** Each choice of each parameter, beside some of the others. */
function diagonals(choices: readonly (readonly Choice[])[]): readonly (readonly Choice[])[] {
  const longest = Math.max(...choices.map((of) => of.length));
  return [0, 1, 3].flatMap((shift) =>
    Array.from({ length: longest }, (_, at) =>
      choices.flatMap((of, index) => of[(at + shift * index) % of.length] ?? []),
    ),
  );
}

function choicesOf(name: string, param: Param, index: number): readonly Choice[] {
  const constant = (sql: string): Choice => ({ sql, type: '', cost: 0 });
  const constants = (param.samples ?? CONSTANTS[param.type] ?? []).map(constant);
  if (param.constant === true || /^(unit|lambda|span|interval)/.test(param.type)) return constants;
  if (isSize(name, param)) return [{ sql: 'n', type: 'int', cost: 0 }, ...constants];
  const types = isLimited(name, param) ? (['tinyint', 'smallint'] as const) : VALUE_TYPES;
  const columns = types.flatMap((type): readonly Choice[] => {
    const match = matchPattern(param.type, sqlType(typed(type)), new Map());
    if (match === undefined) return [];
    const choice = { sql: columnsOf(type)[Math.min(index, 1)] ?? '', type, cost: match.cost };
    // Most functions that take an int count something, so they need small numbers too.
    return type === 'int' && index > 0 ? [choice, { ...choice, sql: 'n' }] : [choice];
  });
  if (isLimited(name, param)) columns.push({ sql: 'n', type: 'int', cost: 0 });
  return [...columns, ...(param.samples ?? []).map(constant)];
}

function product(choices: readonly (readonly Choice[])[]): readonly (readonly Choice[])[] {
  return choices.reduce<readonly (readonly Choice[])[]>(
    (lists, of) => lists.flatMap((list) => of.map((choice) => [...list, choice])),
    [[]],
  );
}

/** The first accepted lists in which every argument occurs that any of them holds, so few that one query holds them. */
export function fewest(
  lists: readonly ArgumentList[],
  isAccepted: (list: ArgumentList) => boolean,
): readonly ArgumentList[] {
  const seen = new Set<string>();
  let refused = 0;
  return lists.filter((list) => {
    const keys = list.args.map((argument, index) => `${String(index)} ${argument}`);
    if (refused > MOST_REFUSED || (keys.length > 0 && keys.every((key) => seen.has(key)))) return false;
    if (!isAccepted(list)) {
      refused += 1;
      return false;
    }
    for (const key of keys) seen.add(key);
    return true;
  });
}
