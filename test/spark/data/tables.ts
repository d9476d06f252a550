import type { Column, SparkType } from '../encoded.ts';
import type { QueryTable } from '../translate.ts';
import { behaviour, scored } from './behaviour.ts';
import { seeded } from './seeded.ts';
import { VALUES, VALUE_TYPES, type ValueType } from './values.ts';

/** A table with its rows as DuckDB expressions. */
export interface Table extends QueryTable {
  readonly rows: readonly (readonly string[])[];
}

/** The table that pairs the values of a type in its columns `x` and `y`. */
export const TABLE_OF: Readonly<Record<ValueType, string>> = {
  boolean: 'booleans',
  tinyint: 'tinyints',
  smallint: 'smallints',
  int: 'ints',
  bigint: 'bigints',
  float: 'floats',
  double: 'doubles',
  'decimal(10,2)': 'decimals',
  'decimal(38,0)': 'wide_decimals',
  'decimal(18,6)': 'fine_decimals',
  string: 'strings',
  binary: 'binaries',
  date: 'dates',
  timestamp: 'timestamps',
  timestamp_ntz: 'local_timestamps',
  'array<int>': 'int_arrays',
  'array<string>': 'string_arrays',
  'array<double>': 'double_arrays',
  'map<string,int>': 'maps',
  'struct<a:int,b:string>': 'structs',
};

/** More than a type has values. */
export const EVERYTHING_ROWS = 240;

const nameOf = (type: ValueType): string => type.replaceAll(/[^a-z0-9]+/g, '_').replace(/_$/, '');

/** The two columns of a type in `everything`, such as `c_int` and `d_int`. */
export function columnsOf(type: ValueType): readonly [string, string] {
  return [`c_${nameOf(type)}`, `d_${nameOf(type)}`];
}

const STRUCTURED: Partial<Record<ValueType, SparkType>> = {
  'array<int>': { array: 'int' },
  'array<string>': { array: 'string' },
  'array<double>': { array: 'double' },
  'map<string,int>': { map: ['string', 'int'] },
  'struct<a:int,b:string>': {
    struct: [
      ['a', 'int'],
      ['b', 'string'],
    ],
  },
};

export const typed = (type: ValueType): SparkType => STRUCTURED[type] ?? type;

/** `id` (unique), `g` (a group, or NULL) and `n` (a small integer, or NULL). */
const NUMBERED: readonly Column[] = [
  { name: 'id', type: 'bigint' },
  { name: 'g', type: 'int' },
  { name: 'n', type: 'int' },
];

function numbered(id: number): readonly string[] {
  const group = id % 9 === 8 ? 'NULL' : String(id % 4);
  const small = id % 11 === 10 ? 'NULL' : String(((id * 7) % 19) - 4);
  return [String(id), group, small];
}

/**
 * `id`, `g`, `n`, and `x` and `y` of the type: each
 * value beside itself and some others, NULL beside a value, a value beside NULL, and some rows twice.
 */
function pairs(type: ValueType): Table {
  const values = ['NULL', ...VALUES[type]];
  const shifts = values.length < 12 ? values.map((_, shift) => shift) : [0, 1, 3, 8, values.length - 1];
  const found = shifts.flatMap((shift) =>
    values.map((x, index) => [x, values[(index + shift) % values.length] ?? 'NULL']),
  );
  const rows = [...found, ...found.slice(0, 4)].map((pair, id) => [...numbered(id), ...pair]);
  const columns: readonly Column[] = [
    ...NUMBERED,
    { name: 'x', type: typed(type) },
    { name: 'y', type: typed(type) },
  ];
  return { name: TABLE_OF[type], columns, keys: ['id'], rows };
}

/** `id`, `g`, `n` and two columns of each type: the first begins with each value, the rest is random. */
function everything(): Table {
  const random = seeded(1_582);
  const pick = (values: readonly string[]): string => values[Math.floor(random() * values.length)] ?? 'NULL';
  const rows = Array.from({ length: EVERYTHING_ROWS }, (_, id) => [
    ...numbered(id),
    ...VALUE_TYPES.flatMap((type) => {
      const values = ['NULL', ...VALUES[type]];
      return [values[id] ?? pick(values), pick(values)];
    }),
  ]);
  const columns = VALUE_TYPES.flatMap((type) => columnsOf(type).map((name) => ({ name, type: typed(type) })));
  return { name: 'everything', columns: [...NUMBERED, ...columns], keys: ['id'], rows };
}

/** Every table that cases may read. */
export const TABLES: readonly Table[] = [
  ...VALUE_TYPES.map(pairs),
  everything(),
  { ...everything(), name: 'nothing', rows: [] },
  behaviour(),
  scored(),
];
