import type { Entry } from '#features/sql/table/entry.ts';

/** Operators that are not written between their two operands. */
const FORMS: Readonly<Record<string, (args: readonly string[]) => string>> = {
  NEGATE: ([a = '']) => `(- ${a})`,
  NOT: ([a = '']) => `(NOT ${a})`,
  '~': ([a = '']) => `(~ ${a})`,
  'IS NULL': ([a = '']) => `(${a} IS NULL)`,
  IN: ([a = '', ...rest]) => `(${a} IN (${rest.join(', ')}))`,
};

/** Spark SQL of an operator or function with its arguments. */
export function callSql({ name }: Entry, args: readonly string[], isOperator: boolean): string {
  if (name === 'count' && args.length === 0) return 'count(*)';
  if (!isOperator) return `${name}(${args.join(', ')})`;
  return FORMS[name]?.(args) ?? `(${args.join(` ${name} `)})`;
}

/** How an entry stands in a query: what is selected beside it, and what surrounds the call. */
export interface Place {
  readonly suffix: string;
  /** False if only `--all` compares entries in it. */
  readonly core: boolean;
  readonly keys: readonly string[];
  readonly groupBy: string;
  around(call: string): string;
}

/** A value for each row. */
export const PLAIN: Place = { suffix: '', core: true, keys: ['id'], groupBy: '', around: (call) => call };
const grouped: Place = {
  suffix: ' by group',
  core: true,
  keys: ['g'],
  groupBy: ' GROUP BY g',
  around: (call) => call,
};
const total: Place = { suffix: ' of all', core: false, keys: [], groupBy: '', around: (call) => call };

function over(suffix: string, window: string, core: boolean): Place {
  return { suffix, core, keys: ['id'], groupBy: '', around: (call) => `${call} OVER (${window})` };
}

/** The places in which an entry is compared. */
export function placesOf({ kind, unordered, ofKeys }: Entry): readonly Place[] {
  if (kind === 'scalar') return [PLAIN];
  if (kind === 'window')
    return [over('', 'PARTITION BY g ORDER BY id', true), over(' descending', 'ORDER BY id DESC', false)];
  // The examples have keys for it.
  if (kind === 'generator' || ofKeys === true) return [];
  const aggregates = [grouped, total];
  // Arrays in an order left to chance are compared after sorting.
  if (unordered === true)
    return aggregates.map((place) => ({ ...place, around: (call) => `sort_array(${call})` }));
  return [
    ...aggregates,
    over(' in a sliding window', 'PARTITION BY g ORDER BY id ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING', true),
    over(' in a running window', 'PARTITION BY g ORDER BY id', false),
  ];
}
