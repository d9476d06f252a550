import { arrayOf, type SqlType, VOID } from '../../types.ts';
import { widerType } from '../../wider-type.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once } from '../once.ts';
import { elementOf } from './elements.ts';
import { tightest } from './tightest.ts';
import { nameSql } from '../../text-sql.ts';

/** A map and a value as one of its keys. */
function withKey([map, value]: readonly SqlType[]): readonly SqlType[] | undefined {
  if (map?.kind !== 'map' || value === undefined || value.kind === 'void') return undefined;
  const key = tightest(map.key, value);
  return key === undefined ? undefined : [mapOf(key, map.value), key];
}

type MapType = SqlType & { readonly kind: 'map' };

function mapOf(key: SqlType | undefined, value: SqlType | undefined): MapType {
  return { kind: 'map', key: key ?? VOID, value: value ?? VOID };
}

function halves<T>(args: readonly T[]): [T[], T[]] {
  return [args.filter((_, index) => index % 2 === 0), args.filter((_, index) => index % 2 === 1)];
}

function common(types: readonly SqlType[]): SqlType | undefined {
  return types.reduce<SqlType | undefined>((a, b) => (a === undefined ? undefined : widerType(a, b)), VOID);
}

/** Keys become of one type, and so do values. */
function pairsOf(args: readonly SqlType[]): readonly SqlType[] | undefined {
  const [keys, values] = halves(args).map(common);
  if (args.length % 2 === 1 || keys === undefined || values === undefined) return undefined;
  if (keys.kind === 'array') return undefined;
  return args.map((_, index) => (index % 2 === 0 ? keys : values));
}

/** Both engines refuse a key that is there twice, and NULL as a key. */
function mapOfPairs(args: readonly string[]): string {
  const [keys, values] = halves(args);
  return `MAP([${keys.join(', ')}], [${values.join(', ')}])`;
}

function concatenated(args: readonly string[]): string {
  return once(args, (maps) => {
    const all = (name: string): string => maps.map((map) => `${name}(${map})`).join(' || ');
    return `MAP(${all('map_keys')}, ${all('map_values')})`;
  });
}

function structOf(args: readonly SqlType[], constants: PrintedCall['constants']): SqlType {
  const [, values] = halves(args);
  return {
    kind: 'struct',
    fields: values.map((type, index) => ({ name: String(constants[index * 2]), type })),
  };
}

function struct(args: readonly string[], { constants, refuse }: PrintedCall): string {
  const [names] = halves(constants);
  if (args.length % 2 === 1 || names.some((name) => typeof name !== 'string'))
    return refuse('named_struct without constant names', 'write names as constants');
  if (new Set(names.map((name) => String(name).toLowerCase())).size < names.length)
    return refuse('A struct with two fields of one name', 'give each field a name of its own');
  const [, values] = halves(args);
  const fields = values.map((value, index) => `${nameSql(String(names[index]))}: ${value}`);
  return `{${fields.join(', ')}}`;
}

function entriesOf(type: SqlType | undefined): SqlType {
  const [key, value] = type?.kind === 'map' ? [type.key, type.value] : [VOID, VOID];
  return arrayOf({
    kind: 'struct',
    fields: [
      { name: 'key', type: key },
      { name: 'value', type: value },
    ],
  });
}

function fromEntries(args: readonly SqlType[]): SqlType {
  const element = elementOf(args[0]);
  const [key, value] = element.kind === 'struct' ? element.fields : [];
  return mapOf(key?.type, value?.type);
}

/** An entry that is NULL makes the whole map NULL. */
function mapFromEntries([a = '']: readonly string[]): string {
  return once(
    [a],
    ([entries]) => `CASE WHEN list_count(${entries}) = len(${entries}) THEN map_from_entries(${entries}) END`,
  );
}

/** How maps and structs are made and read. */
export const MAPS: readonly Entry[] = [
  {
    name: 'map',
    kind: 'scalar',
    signatures: [
      signature('any, any', ([key, value]) => mapOf(key, value), mapOfPairs, {
        rest: 'any',
        convert: pairsOf,
      }),
    ],
    examples: [
      "SELECT id AS id, map('a', x, 'b', NULL, 'c', 1L) AS a, map(id, y) AS b FROM ints",
      { sql: 'SELECT map(x, 1) AS a FROM ints', outcome: 'both fail' },
      { sql: 'SELECT map(1, x, 1, y) AS a FROM ints', outcome: 'both fail' },
    ],
  },
  {
    name: 'named_struct',
    kind: 'scalar',
    signatures: [
      signature('string!, any', (args, { constants }) => structOf(args, constants), struct, { rest: 'any' }),
    ],
    examples: [
      "SELECT id AS id, named_struct('a', x, 'b', named_struct('c', y)) AS a, named_struct('a', x).a AS b FROM strings",
    ],
  },
  {
    name: 'map_from_arrays',
    kind: 'scalar',
    signatures: [
      signature(
        'array, array',
        ([k, v]) => mapOf(elementOf(k), elementOf(v)),
        ([k, v]) => `MAP(${k}, ${v})`,
      ),
    ],
    examples: [
      'SELECT id AS id, map_from_arrays(array(id, -1L), array(x, y)) AS a FROM strings',
      { sql: 'SELECT map_from_arrays(array(1, 1), array(x, y)) AS a FROM strings', outcome: 'both fail' },
      { sql: 'SELECT map_from_arrays(array(1), array(x, y)) AS a FROM strings', outcome: 'both fail' },
      { sql: 'SELECT map_from_arrays(array(1, NULL), array(x, y)) AS a FROM strings', outcome: 'both fail' },
    ],
  },
  {
    name: 'map_from_entries',
    kind: 'scalar',
    signatures: [signature('array<struct>', fromEntries, mapFromEntries)],
    examples: [
      'SELECT id AS id, map_from_entries(map_entries(x)) AS a, map_from_entries(array(struct(id, y), NULL)) AS b FROM maps',
    ],
  },
  {
    name: 'map_entries',
    kind: 'scalar',
    signatures: [
      signature(
        'map',
        ([a]) => entriesOf(a),
        ([a]) => `map_entries(${a})`,
      ),
    ],
  },
  {
    name: 'map_keys',
    kind: 'scalar',
    signatures: [
      signature(
        'map',
        ([a]) => arrayOf(a?.kind === 'map' ? a.key : VOID),
        ([a]) => `map_keys(${a})`,
      ),
    ],
  },
  {
    name: 'map_values',
    kind: 'scalar',
    signatures: [
      signature(
        'map',
        ([a]) => arrayOf(a?.kind === 'map' ? a.value : VOID),
        ([a]) => `map_values(${a})`,
      ),
    ],
  },
  {
    name: 'map_contains_key',
    kind: 'scalar',
    signatures: [
      signature('map, any', 'boolean', ([a, k]) => `list_contains(map_keys(${a}), ${k})`, {
        convert: withKey,
      }),
    ],
    examples: ["SELECT id AS id, map_contains_key(x, 'a') AS a, map_contains_key(x, 'z') AS b FROM maps"],
  },
  {
    name: 'map_concat',
    kind: 'scalar',
    signatures: [signature('map<K, V>', 'map<K, V>', concatenated, { rest: 'map<K, V>' })],
    examples: [
      "SELECT id AS id, map_concat(x, map('new', 1, 'other', NULL)) AS a FROM maps",
      { sql: "SELECT map_concat(x, map('a', 1)) AS a FROM maps", outcome: 'both fail' },
    ],
  },
];
