import { VOID } from '../../types.ts';
import { type Entry, type Signature, signature } from '../entry.ts';
import { bound, stop } from '../once.ts';

/**
 * `array_sort(a, (l, r) -> …)`: the lambda is negative if `l` comes first, positive if `r` does. DuckDB sorts by no comparison, so
 * each element gets the number of those that come before it; of equal ones, those before it in the array.
 */
function sortedBy([a = '', f = '']: readonly string[]): string {
  const [left = '', right = '', body = ''] = /^lambda (\w+), (\w+): (.*)$/s.exec(f)?.slice(1) ?? [];
  const missing = stop('the comparison of array_sort(…) is NULL');
  const sign = `coalesce(${body}, ${missing})`;
  const places = (outer: string, inner: string, before: string): string =>
    `list_transform(v.a0, lambda ${outer}, i: len(list_filter(v.a0, lambda ${inner}, j: CASE WHEN i = j THEN FALSE WHEN ${sign} = 0 THEN j < i ELSE ${sign} ${before} 0 END)))`;
  return bound([a], () => {
    const counted = `{p: ${places(left, right, '>')}, q: ${places(right, left, '<')}}`;
    const sorted = `list_transform(list_sort(list_zip(s.p, v.a0)), lambda e: e[2])`;
    const unlike = `s.p IS DISTINCT FROM s.q OR len(list_distinct(s.p)) < len(s.p)`;
    return `CASE WHEN v.a0 IS NOT NULL THEN list_transform([${counted}], lambda s: CASE WHEN ${unlike} THEN ${stop('the comparison of array_sort(…) contradicts itself')} ELSE ${sorted} END)[1] END`;
  });
}

export const SORT_BY_COMPARISON: Signature = signature('array<T>, lambda', ([a]) => a ?? VOID, sortedBy, {
  ordered: true,
  lambdas: ([array]) => [undefined, array?.kind === 'array' ? [array.element, array.element] : undefined],
  // Spark takes no other integer.
  convert: (args) => (args[1]?.kind === 'int' ? args : undefined),
});

const BY_LENGTH =
  '(l, r) -> CASE WHEN length(l) < length(r) THEN -1 WHEN length(l) > length(r) THEN 1 ELSE 0 END';
const NULL_LAST =
  '(l, r) -> CASE WHEN l IS NULL AND r IS NULL THEN 0 WHEN l IS NULL THEN 1 WHEN r IS NULL THEN -1 WHEN l > r THEN -1 WHEN l < r THEN 1 ELSE 0 END';

export const SORTS: NonNullable<Entry['examples']> = [
  `SELECT id AS id, array_sort(filter(x, v -> v IS NOT NULL), ${BY_LENGTH}) AS a, array_sort(x, ${NULL_LAST}) AS b FROM string_arrays`,
  `SELECT id AS id, array_sort(x, ${NULL_LAST}) AS a, array_sort(x, (l, r) -> 0) AS b FROM double_arrays`,
  `SELECT id AS id, array_sort(transform(x, v -> struct(v AS v, -v AS w)), (l, r) -> coalesce(l.w - r.w, 0)) AS a FROM int_arrays WHERE NOT exists(x, v -> v IS NULL OR abs(v) > 10)`,
  'SELECT id AS id, array_sort(collect_list(struct(day, qty))) AS a FROM t GROUP BY id',
  'SELECT id AS id, array_sort(array(struct(c_double AS x, c_string AS y), NULL, struct(d_double AS x, d_string AS y))) AS a, array_sort(array(c_array_double, d_array_double, NULL)) AS b FROM everything',
  `SELECT id AS id, array_sort(sort_array(collect_list(kind)), ${NULL_LAST}) AS a FROM t GROUP BY id`,
  {
    sql: 'SELECT array_sort(x, (l, r) -> CASE WHEN l < r THEN -1 WHEN l > r THEN 1 END) AS a FROM string_arrays',
    outcome: 'both fail',
  },
];
