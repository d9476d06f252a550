import { INT, type SqlType, VOID } from '../../types.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once } from '../once.ts';
import { lowBits } from '../wrapped.ts';
import { elementOf } from './elements.ts';

function valueOf(type: SqlType | undefined): SqlType {
  return type?.kind === 'map' ? type.value : VOID;
}

/** Counted from 1, or from the end by a negative number; NULL outside of the array. */
const fromOne = ([a = '', i = '']: readonly string[]): string =>
  once(
    [a, i],
    ([list, place]) =>
      `CASE WHEN ${list} IS NULL THEN NULL WHEN ${place} = 0 THEN error('millrace: element_at(…) counts from 1') ELSE list_extract(${list}, ${place}) END`,
  );

/** Counted from 0; NULL outside of the array. */
const fromZero = ([a = '', i = '']: readonly string[], { types }: PrintedCall): string => {
  // Spark takes the low bits of an index that is not an int.
  const int = types[1]?.kind === 'bigint' ? lowBits(`CAST(${i} AS HUGEINT)`, INT, 'HUGEINT') : i;
  return once(
    [a, `CAST(${int} AS BIGINT)`],
    ([list, place]) => `CASE WHEN ${place} >= 0 THEN list_extract(${list}, ${place} + 1) END`,
  );
};

const inMap = signature(
  'map<K, V>, K',
  ([a]) => valueOf(a),
  ([a, k]) => `(${a})[${k}]`,
);
const inArrayFromOne = signature('array, int', ([a]) => elementOf(a), fromOne);
const inArrayFromZero = signature('array, integral', ([a]) => elementOf(a), fromZero);

/** `a[i]`, an operator. */
export const SUBSCRIPT: Entry = {
  name: '[]',
  kind: 'scalar',
  signatures: [inArrayFromZero, inMap],
  examples: [
    "SELECT id AS id, x['a'] AS a, x['z'] AS b FROM maps",
    'SELECT id AS id, x[0] AS a, x[-1] AS b, x[n] AS c FROM int_arrays',
  ],
};

/** Elements by their place, values by their key. */
export const PLACES: readonly Entry[] = [
  {
    name: 'element_at',
    kind: 'scalar',
    aliases: ['try_element_at'],
    signatures: [inArrayFromOne, inMap],
    examples: [
      "SELECT id AS id, element_at(x, 'a') AS a FROM maps",
      'SELECT id AS id, element_at(x, 1) AS a, element_at(x, -1) AS b, element_at(x, 9) AS c FROM string_arrays',
    ],
  },
  { name: 'get', kind: 'scalar', signatures: [inArrayFromZero] },
];
