import { textSql } from '../../text-sql.ts';
import { arrayOf, duckDbType, VOID } from '../../types.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once, stop } from '../once.ts';
import { elementOf, holdsNull, MOST_ELEMENTS } from './elements.ts';
import { withElement } from './tightest.ts';

function contains([a = '', v = '']: readonly string[]): string {
  return once(
    [a, v],
    ([list = '', value = '']) =>
      `CASE WHEN ${list} IS NULL OR ${value} IS NULL THEN NULL WHEN list_contains(${list}, ${value}) THEN TRUE WHEN ${holdsNull(list)} THEN NULL ELSE FALSE END`,
  );
}

function insert([a = '', v = '']: readonly string[], { constants, types, refuse }: PrintedCall): string {
  const at = Number(constants[1]);
  if (at !== 1 && at !== -1) return refuse('array_insert at a place inside', 'use slice(…) and concat(…)');
  const value = `[CAST(${v} AS ${duckDbType(elementOf(types[0]))})]`;
  return at === 1 ? `(${value} || ${a})` : `(${a} || ${value})`;
}

function slice([a = '', start = '', length = '']: readonly string[], { result }: PrintedCall): string {
  return once(
    [a, `CAST(${start} AS BIGINT)`, `CAST(${length} AS BIGINT)`],
    ([list = '', from = '', count = '']) => {
      const first = `CASE WHEN ${from} > 0 THEN ${from} ELSE len(${list}) + ${from} + 1 END`;
      return `CASE WHEN ${list} IS NULL OR ${from} IS NULL OR ${count} IS NULL THEN NULL WHEN ${from} = 0 OR ${count} < 0 THEN error('millrace: slice(…) begins at 0 or has a negative length') WHEN ${first} + ${count} > 2147483648 THEN ${stop('slice(…) has too great a length')} WHEN ${first} < 1 THEN CAST([] AS ${duckDbType(result)}) ELSE list_slice(${list}, ${first}, ${first} + ${count} - 1) END`;
    },
  );
}

/** DuckDB takes only a constant between elements. */
function joined(a: string, { constants, refuse }: PrintedCall): string {
  const [, by] = constants;
  if (by === null) return 'CAST(NULL AS VARCHAR)';
  if (typeof by !== 'string')
    return refuse('array_join with a separator that is not a constant', 'use a constant');
  return once(
    [a],
    ([list]) =>
      `CASE WHEN ${list} IS NOT NULL THEN coalesce(array_to_string(${list}, ${textSql(by)}), '') END`,
  );
}

const list = ([first, ...more]: readonly string[]): string => `[${[first, ...more].join(', ')}]`;

/** How arrays are made, measured and taken apart. */
export const ARRAYS: readonly Entry[] = [
  {
    name: 'array',
    kind: 'scalar',
    signatures: [
      signature('', arrayOf(VOID), () => 'CAST([] AS "NULL"[])'),
      signature('T', 'array<T>', list, { rest: 'T' }),
    ],
    examples: ['SELECT id AS id, array(x, y, NULL, 1.5D) AS a, array(g, x) AS b FROM doubles'],
  },
  {
    name: 'size',
    kind: 'scalar',
    aliases: ['cardinality'],
    orderless: true,
    signatures: [
      signature('array', 'int', ([a]) => `coalesce(CAST(len(${a}) AS INTEGER), -1)`),
      signature('map', 'int', ([a]) => `coalesce(CAST(cardinality(${a}) AS INTEGER), -1)`),
    ],
  },
  {
    name: 'array_size',
    kind: 'scalar',
    orderless: true,
    signatures: [signature('array', 'int', ([a]) => `CAST(len(${a}) AS INTEGER)`)],
  },
  {
    name: 'array_contains',
    kind: 'scalar',
    orderless: true,
    signatures: [signature('array, any', 'boolean', contains, { convert: withElement(1) })],
    examples: [
      'SELECT id AS id, array_contains(x, 1) AS a, array_contains(x, n) AS b, array_contains(y, 1.0D) AS c FROM int_arrays',
      "SELECT id AS id, array_contains(x, 'a') AS a FROM string_arrays",
    ],
  },
  {
    name: 'array_position',
    kind: 'scalar',
    signatures: [
      signature(
        'array, any',
        'bigint',
        ([a = '', v = '']) =>
          once(
            [a, v],
            ([of, value]) =>
              `CASE WHEN ${of} IS NOT NULL AND ${value} IS NOT NULL THEN coalesce(CAST(list_position(${of}, ${value}) AS BIGINT), 0) END`,
          ),
        { convert: withElement(1) },
      ),
    ],
  },
  {
    name: 'array_join',
    kind: 'scalar',
    signatures: [
      signature('array<string>, string!', 'string', ([a = ''], call) => joined(a, call), {
        samples: { 1: ["','", "''", "' | '"] },
      }),
      signature(
        'array<string>, string!, simple',
        'string',
        ([a = '', , instead = ''], call) =>
          once([a, instead], ([list, other]) => {
            const all = `list_transform(${list}, lambda e: coalesce(e, ${other}))`;
            return `CASE WHEN ${other} IS NOT NULL THEN ${joined(all, call)} END`;
          }),
        {
          samples: { 1: ["','", "''", "' | '"] },
          convert: (args) => (args[2]?.kind === 'string' ? args : undefined),
        },
      ),
    ],
    examples: [
      "SELECT id AS id, array_join(x, ', ') AS a, array_join(x, '|', 'none') AS b FROM string_arrays",
    ],
  },
  {
    name: 'slice',
    kind: 'scalar',
    signatures: [signature('array, int, int', ([a]) => a ?? VOID, slice)],
    examples: [
      { sql: 'SELECT slice(x, 0, 1) AS a FROM int_arrays', outcome: 'both fail' },
      { sql: 'SELECT slice(x, 1, -1) AS a FROM int_arrays', outcome: 'both fail' },
      { sql: 'SELECT slice(x, 2, 2147483647) AS a FROM int_arrays', outcome: 'stopped' },
      'SELECT id AS id, slice(x, 2, 1) AS a, slice(x, -2, 2) AS b, slice(x, 1, 0) AS c, slice(x, -9, 2) AS d, slice(x, 7, 3) AS e FROM int_arrays',
    ],
  },
  {
    name: 'array_append',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [
      signature(
        'array, any',
        ([a]) => a ?? VOID,
        ([a, v]) => `(${a} || [${v}])`,
        { convert: withElement(1) },
      ),
    ],
  },
  {
    name: 'array_prepend',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [
      signature(
        'array, any',
        ([a]) => a ?? VOID,
        ([a, v]) => `([${v}] || ${a})`,
        { convert: withElement(1) },
      ),
    ],
  },
  {
    name: 'array_insert',
    kind: 'scalar',
    signatures: [
      signature(
        'array, int!, any',
        ([a]) => a ?? VOID,
        ([a = '', , v = ''], call) => insert([a, v], call),
        {
          convert: withElement(2),
          samples: { 1: ['1', '-1'] },
        },
      ),
    ],
  },
  {
    name: 'array_compact',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [
      signature(
        'array',
        ([a]) => a ?? VOID,
        ([a]) => `list_filter(${a}, lambda e: e IS NOT NULL)`,
      ),
    ],
  },
  {
    name: 'array_repeat',
    kind: 'scalar',
    signatures: [
      signature(
        'any, integral',
        ([a]) => arrayOf(a ?? VOID),
        ([a = '', n = '']) =>
          once(
            [a, n],
            ([value, count]) =>
              `list_transform(range(CASE WHEN ${count} > ${MOST_ELEMENTS} THEN ${stop('array_repeat makes too many elements')} WHEN ${count} IS NOT NULL THEN greatest(${count}, 0) END), lambda i: ${value})`,
          ),
        // Unlike other functions, it takes no other integer for an int.
        { samples: { 1: ['n', '2', '-1'] }, convert: (args) => (args[1]?.kind === 'int' ? args : undefined) },
      ),
    ],
    examples: [
      "SELECT id AS id, array_repeat(x, 2) AS a, array_repeat('v', n) AS b FROM ints",
      'SELECT id AS id, array_repeat(amount, qty) AS a FROM t ORDER BY id DESC, a LIMIT 7',
    ],
  },
  {
    name: 'flatten',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [
      signature(
        'array<array>',
        ([a]) => elementOf(a),
        ([a = '']) => once([a], ([of = '']) => `CASE WHEN NOT (${holdsNull(of)}) THEN flatten(${of}) END`),
      ),
    ],
    examples: ['SELECT id AS id, flatten(array(x, y)) AS a, flatten(array(x)) AS b FROM string_arrays'],
  },
  {
    name: 'reverse',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [
      signature(
        'array',
        ([a]) => a ?? VOID,
        ([a]) => `list_reverse(${a})`,
      ),
    ],
  },
  {
    name: 'concat',
    kind: 'scalar',
    keepsOrder: true,
    signatures: [signature('array<T>', 'array<T>', (args) => `(${args.join(' || ')})`, { rest: 'array<T>' })],
    examples: ['SELECT id AS id, concat(x, y) AS a, concat(x, array(1L)) AS b FROM int_arrays'],
  },
];
