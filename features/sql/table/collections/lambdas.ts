import { arrayOf, BOOLEAN, duckDbType, INT, sameType, type SqlType, VOID } from '../../types.ts';
import { type Entry, type LambdaBinding, type PrintedCall, signature } from '../entry.ts';
import { once } from '../once.ts';
import { elementOf, holdsNull } from './elements.ts';

type Types = readonly (SqlType | undefined)[];

/** DuckDB gives a lambda an entry of a map as a struct. */
const entry: LambdaBinding = ([k = '']) => ({ parameters: [k], values: [`${k}.key`, `${k}.value`] });
/** DuckDB counts places from 1. */
const place: LambdaBinding = ([v = '', i = '']) => ({
  parameters: [v, i],
  values: [v, `CAST(${i} - 1 AS INTEGER)`],
});
/** A struct of two values. */
const pair: LambdaBinding = ([l = '']) => ({ parameters: [l], values: [`${l}[1]`, `${l}[2]`] });
/** DuckDB folds values of one type, so what is folded has a place for the result and one for the element. */
const fold: LambdaBinding = ([acc = '', v]) =>
  v === undefined
    ? { parameters: [acc], values: [acc] }
    : { parameters: [acc, v], values: [`${acc}.r`, `${v}.v`] };

const onElement = ([array]: Types) => [undefined, array?.kind === 'array' ? [array.element] : undefined];
const onElementAndPlace = ([array]: Types) => [
  undefined,
  array?.kind === 'array' ? [array.element, INT] : undefined,
];
const onEntry = ([map]: Types) => [undefined, map?.kind === 'map' ? [map.key, map.value] : undefined];
const onElements = ([a, b]: Types) => [
  undefined,
  undefined,
  a?.kind === 'array' && b?.kind === 'array' ? [a.element, b.element] : undefined,
];
const onFold = ([array, zero]: Types) => [
  undefined,
  undefined,
  array?.kind === 'array' && zero !== undefined ? [zero, array.element] : undefined,
  zero === undefined ? undefined : [zero],
];

const lambdaTo = (type: SqlType) => (args: readonly SqlType[]) =>
  args.map((arg, index) => (index === 1 ? type : arg));

/** TRUE if one element gives it; otherwise NULL if one gives NULL. */
function anyOf(wanted: 'TRUE' | 'FALSE') {
  const other = wanted === 'TRUE' ? 'FALSE' : 'TRUE';
  return ([a, f]: readonly string[]): string =>
    once(
      [`list_transform(${a}, ${f})`],
      ([found = '']) =>
        `CASE WHEN list_contains(${found}, ${wanted}) THEN ${wanted} WHEN ${found} IS NULL OR ${holdsNull(found)} THEN NULL ELSE ${other} END`,
    );
}

function folded([a = '', zero = '', f = '', finish]: readonly string[], { types }: PrintedCall): string {
  const [parameters = '', body = ''] = /^lambda ([^:]*): (.*)$/s.exec(f)?.slice(1) ?? [];
  const v = `CAST(NULL AS ${duckDbType(elementOf(types[0]))})`;
  const all = once([a, zero], ([array, start]) => {
    const values = `list_transform(${array}, lambda e: {r: ${start}, v: e})`;
    return `list_reduce(${values}, lambda ${parameters}: {r: ${body}, v: ${v}}, {r: ${start}, v: ${v}}).r`;
  });
  return finish === undefined ? all : `list_transform([${all}], ${finish})[1]`;
}

/** Spark takes no function whose result is not of the type of the start. */
function foldTypes([array, zero, body, ...finish]: readonly SqlType[]): readonly SqlType[] | undefined {
  if (array === undefined || zero === undefined || body === undefined || !sameType(zero, body))
    return undefined;
  return [array, zero, body, ...finish];
}

/** Functions that apply a lambda to each element of an array or each entry of a map. */
export const LAMBDAS: readonly Entry[] = [
  {
    name: 'transform',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [
      signature(
        'array<T>, lambda',
        ([, body]) => arrayOf(body ?? VOID),
        ([a, f]) => `list_transform(${a}, ${f})`,
        {
          lambdas: onElement,
        },
      ),
      signature(
        'array<T>, lambda',
        ([, body]) => arrayOf(body ?? VOID),
        ([a, f]) => `list_transform(${a}, ${f})`,
        {
          lambdas: onElementAndPlace,
          binding: place,
        },
      ),
    ],
    examples: [
      'SELECT id AS id, transform(x, v -> v + n) AS a, transform(x, (v, i) -> i) AS b FROM int_arrays',
      'SELECT id AS id, transform(x, v -> transform(y, w -> w IS NULL OR v IS NULL)) AS a FROM string_arrays',
    ],
  },
  {
    name: 'filter',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [
      signature('array<T>, lambda', 'array<T>', ([a, f]) => `list_filter(${a}, ${f})`, {
        lambdas: onElement,
        convert: lambdaTo(BOOLEAN),
      }),
      signature('array<T>, lambda', 'array<T>', ([a, f]) => `list_filter(${a}, ${f})`, {
        lambdas: onElementAndPlace,
        binding: place,
        convert: lambdaTo(BOOLEAN),
      }),
    ],
    examples: [
      'SELECT id AS id, filter(x, v -> v > 1) AS a, filter(x, (v, i) -> i < 2) AS b FROM double_arrays',
    ],
  },
  {
    name: 'exists',
    kind: 'scalar',
    orderless: true,
    signatures: [
      signature('array<T>, lambda', BOOLEAN, anyOf('TRUE'), {
        lambdas: onElement,
        convert: lambdaTo(BOOLEAN),
      }),
    ],
    examples: ['SELECT id AS id, exists(x, v -> v > 2) AS a, exists(x, v -> v IS NULL) AS b FROM int_arrays'],
  },
  {
    name: 'forall',
    kind: 'scalar',
    orderless: true,
    signatures: [
      signature('array<T>, lambda', BOOLEAN, anyOf('FALSE'), {
        lambdas: onElement,
        convert: lambdaTo(BOOLEAN),
      }),
    ],
    examples: [
      'SELECT id AS id, forall(x, v -> v > 0) AS a, forall(x, v -> v IS NOT NULL) AS b FROM int_arrays',
    ],
  },
  {
    name: 'aggregate',
    kind: 'scalar',
    aliases: ['reduce'],
    // DuckDB 1.5 gives the lambda of list_reduce a column of another row if the arrays differ in length.
    closed: 2,
    signatures: [
      signature('array<T>, any, lambda', ([, zero]) => zero ?? VOID, folded, {
        lambdas: onFold,
        binding: fold,
        convert: foldTypes,
      }),
      signature('array<T>, any, lambda, lambda', ([, , , body]) => body ?? VOID, folded, {
        lambdas: onFold,
        binding: fold,
        convert: foldTypes,
      }),
    ],
    examples: [
      'SELECT id AS id, aggregate(x, 0L, (total, v) -> total + coalesce(v, 0)) AS a FROM int_arrays',
      "SELECT id AS id, aggregate(x, '', (text, v) -> text || coalesce(v, '-')) AS a FROM string_arrays",
    ],
  },
  {
    name: 'zip_with',
    kind: 'scalar',
    signatures: [
      signature(
        'array, array, lambda',
        ([, , body]) => arrayOf(body ?? VOID),
        ([a, b, f]) =>
          once(
            [a ?? '', b ?? ''],
            ([l, r]) =>
              `CASE WHEN ${l} IS NOT NULL AND ${r} IS NOT NULL THEN list_transform(list_zip(${l}, ${r}), ${f}) END`,
          ),
        { lambdas: onElements, binding: pair },
      ),
    ],
    examples: [
      'SELECT id AS id, zip_with(x, y, (v, w) -> coalesce(v, 0) + coalesce(w, 0)) AS a FROM int_arrays',
    ],
  },
  {
    name: 'map_filter',
    kind: 'scalar',
    signatures: [
      signature(
        'map<K, V>, lambda',
        'map<K, V>',
        ([a, f]) => `map_from_entries(list_filter(map_entries(${a}), ${f}))`,
        { lambdas: onEntry, binding: entry, convert: lambdaTo(BOOLEAN) },
      ),
    ],
    examples: ["SELECT id AS id, map_filter(x, (k, v) -> v > 0 OR k = 'a') AS a FROM maps"],
  },
  {
    name: 'transform_values',
    kind: 'scalar',
    signatures: [
      signature(
        'map<K, V>, lambda',
        ([map, body]) => ({ kind: 'map', key: map?.kind === 'map' ? map.key : VOID, value: body ?? VOID }),
        ([a, f]) =>
          once([a ?? ''], ([map]) => `MAP(map_keys(${map}), list_transform(map_entries(${map}), ${f}))`),
        { lambdas: onEntry, binding: entry },
      ),
    ],
    examples: ['SELECT id AS id, transform_values(x, (k, v) -> v + n) AS a FROM maps'],
  },
  {
    name: 'transform_keys',
    kind: 'scalar',
    signatures: [
      signature(
        'map<K, V>, lambda',
        ([map, body]) => ({ kind: 'map', key: body ?? VOID, value: map?.kind === 'map' ? map.value : VOID }),
        ([a, f]) =>
          once([a ?? ''], ([map]) => `MAP(list_transform(map_entries(${map}), ${f}), map_values(${map}))`),
        { lambdas: onEntry, binding: entry },
      ),
    ],
    examples: ["SELECT id AS id, transform_keys(x, (k, v) -> k || '!') AS a FROM maps"],
  },
];
