import { isFloating, isNested, type SqlType, VOID } from '../../types.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once } from '../once.ts';
import { orderKey } from '../order-key.ts';
import { SORT_BY_COMPARISON, SORTS } from './comparison-sort.ts';
import { elementOf, holdsNull } from './elements.ts';
import { bothArrays, withElement } from './tightest.ts';

/** What makes two elements one; 0.0 and -0.0 are two in Spark. */
function identities(list: string, element: SqlType): string {
  if (!isFloating(element)) return list;
  return `list_transform(${list}, lambda e: {v: e, s: CASE WHEN e = 0 THEN signbit(e) ELSE FALSE END})`;
}

/** The first of equal elements, NULL included, in the order of the array. */
function distinct(list: string, element: SqlType): string {
  return once([list], ([of = '']) =>
    once(
      [of, identities(of, element)],
      ([values, keys]) => `list_filter(${values}, lambda e, i: list_position(${keys}, ${keys}[i]) = i)`,
    ),
  );
}

/** Distinct elements of the first array that are, or are not, in the second. */
function compared(test: 'IS NOT NULL' | 'IS NULL') {
  return ([a = '', b = '']: readonly string[], { types }: PrintedCall): string => {
    const element = elementOf(types[0]);
    return once([a, b], ([left = '', right = '']) =>
      once(
        [left, identities(left, element), identities(right, element)],
        ([values, keys, others]) =>
          `CASE WHEN ${others} IS NOT NULL THEN list_filter(${values}, lambda e, i: list_position(${keys}, ${keys}[i]) = i AND list_position(${others}, ${keys}[i]) ${test}) END`,
      ),
    );
  };
}

function overlap([a = '', b = '']: readonly string[], { types: [type] }: PrintedCall): string {
  const known = (list: string): string =>
    isFloating(elementOf(type))
      ? identities(`list_filter(${list}, lambda e: e IS NOT NULL)`, elementOf(type))
      : list;
  return once([a, b], ([left = '', right = '']) => {
    const none = `len(${left}) = 0 OR len(${right}) = 0 OR NOT (${holdsNull(left)} OR ${holdsNull(right)})`;
    return `CASE WHEN ${left} IS NULL OR ${right} IS NULL THEN NULL WHEN list_has_any(${known(left)}, ${known(right)}) THEN TRUE WHEN ${none} THEN FALSE END`;
  });
}

function removed([a = '', v = '']: readonly string[]): string {
  return once(
    [a, v],
    ([list = '', value = '']) =>
      `CASE WHEN ${value} IS NOT NULL THEN list_filter(${list}, lambda e: e IS DISTINCT FROM ${value}) END`,
  );
}

function sorted(a: string, [type]: readonly SqlType[], descending: boolean): string {
  const direction = descending ? `'DESC', 'NULLS LAST'` : `'ASC', 'NULLS FIRST'`;
  const element = elementOf(type);
  if (!isNested(element)) return `list_sort(${a}, ${direction})`;
  return byKey(a, element, 'IS NOT NULL', descending ? 'DESC' : 'ASC');
}

/** By a key in Spark's order; `first` is FALSE for what comes first. */
function byKey(
  a: string,
  element: SqlType,
  first: 'IS NULL' | 'IS NOT NULL',
  direction: 'ASC' | 'DESC',
): string {
  const keyed = `list_transform(${a}, lambda e: {n: e ${first}, k: ${orderKey('e', element)}, v: e})`;
  return `list_transform(list_sort(${keyed}, '${direction}'), lambda e: e.v)`;
}

function extreme(name: 'min' | 'max') {
  return ([a = '']: readonly string[], { types }: PrintedCall): string => {
    if (!isNested(elementOf(types[0]))) return `list_${name}(${a})`;
    return `(${sorted(`list_filter(${a}, lambda e: e IS NOT NULL)`, types, name === 'max')})[1]`;
  };
}

const same = ([a]: readonly SqlType[]): SqlType => a ?? VOID;
const ofSame = 'array, array';

/** Arrays as sets, and their order. */
export const ARRAY_SETS: readonly Entry[] = [
  {
    name: 'array_distinct',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [signature('array', same, ([a = ''], { types }) => distinct(a, elementOf(types[0])))],
  },
  {
    name: 'array_union',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [
      signature(ofSame, same, ([a, b], { types }) => distinct(`(${a} || ${b})`, elementOf(types[0])), {
        convert: bothArrays,
      }),
    ],
  },
  {
    name: 'array_intersect',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [signature(ofSame, same, compared('IS NOT NULL'), { convert: bothArrays })],
  },
  {
    name: 'array_except',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [signature(ofSame, same, compared('IS NULL'), { convert: bothArrays })],
  },
  {
    name: 'arrays_overlap',
    kind: 'scalar',
    orderless: true,
    signatures: [signature(ofSame, 'boolean', overlap, { convert: bothArrays })],
  },
  {
    name: 'array_remove',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [signature('array, any', same, removed, { convert: withElement(1) })],
  },
  {
    name: 'sort_array',
    kind: 'scalar',
    orderless: true,
    signatures: [
      signature('array<orderable>', same, ([a = ''], { types }) => sorted(a, types, false)),
      signature(
        'array<orderable>, boolean!',
        same,
        ([a = ''], { types, constants }) => sorted(a, types, constants[1] === false),
        { samples: { 1: ['true', 'false'] } },
      ),
    ],
    examples: [
      'SELECT g AS g, sort_array(collect_list(x), false) AS a FROM doubles GROUP BY g',
      "SELECT g AS g, sort_array(collect_list(named_struct('n', n, 'x', x))) AS a FROM strings GROUP BY g",
    ],
  },
  {
    name: 'array_sort',
    kind: 'scalar',
    orderless: true,
    signatures: [
      signature('array<orderable>', same, ([a = ''], { types: [type] }) =>
        isNested(elementOf(type))
          ? byKey(a, elementOf(type), 'IS NULL', 'ASC')
          : `list_sort(${a}, 'ASC', 'NULLS LAST')`,
      ),
      SORT_BY_COMPARISON,
    ],
    examples: SORTS,
  },
  ...(['min', 'max'] as const).map((name): Entry => ({
    name: `array_${name}`,
    kind: 'scalar',
    orderless: true,
    signatures: [signature('array<orderable>', ([a]) => elementOf(a), extreme(name))],
    examples: [
      `SELECT g AS g, array_${name}(collect_list(n)) AS a, array_${name}(collect_list(named_struct('n', n, 'x', x))) AS b FROM ints GROUP BY g`,
    ],
  })),
];
