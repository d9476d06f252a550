import type { Column, SparkType } from '../encoded.ts';
import type { QueryTable } from '../translate.ts';
import { behaviour, scored } from './behaviour.ts';
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

/** A column for each type, beside an id. */
export const COLUMN_OF = Object.fromEntries(
  VALUE_TYPES.map((type) => [type, `c_${type.replaceAll(/[^a-z0-9]+/g, '_').replace(/_$/, '')}`]),
) as Readonly<Record<ValueType, string>>;

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

const typed = (type: ValueType): SparkType => STRUCTURED[type] ?? type;

/** Every table that cases may read. */
export const TABLES: readonly Table[] = [
  ...VALUE_TYPES.map(pairs),
  everything(),
  { ...everything(), name: 'nothing', rows: [] },
  behaviour(),
  scored(),
];

/**
 * `id` (unique), `g` (a group of a few rows, or NULL), `n` (a small integer, or NULL), and `x` and `y` of the type: each
 * value beside itself and some others, NULL beside a value, a value beside NULL, and some rows twice.
 */
function pairs(type: ValueType): Table {
  const values = ['NULL', ...VALUES[type]];
  const shifts = values.length < 12 ? values.map((_, shift) => shift) : [0, 1, 3, 8, values.length - 1];
  const found = shifts.flatMap((shift) =>
    values.map((x, index) => [x, values[(index + shift) % values.length] ?? 'NULL']),
  );
  const rows = [...found, ...found.slice(0, 4)].map((pair, id) => {
    const group = id % 9 === 8 ? 'NULL' : String(id % 4);
    const small = id % 11 === 10 ? 'NULL' : String(((id * 7) % 19) - 4);
    return [String(id), group, small, ...pair];
  });
  const columns: readonly Column[] = [
    { name: 'id', type: 'bigint' },
    { name: 'g', type: 'int' },
    { name: 'n', type: 'int' },
    { name: 'x', type: typed(type) },
    { name: 'y', type: typed(type) },
  ];
  return { name: TABLE_OF[type], columns, keys: ['id'], rows };
}

/** `id` and one column of each type, each with another order of its values. */
function everything(): Table {
  const columns = VALUE_TYPES.map((type) => ({ name: COLUMN_OF[type], type: typed(type) }));
  const rows = Array.from({ length: 60 }, (_, id) => [
    String(id),
    ...VALUE_TYPES.map((type, column) => {
      const values = ['NULL', ...VALUES[type]];
      return values[(id * (column + 3) + column) % values.length] ?? 'NULL';
    }),
  ]);
  return { name: 'everything', columns: [{ name: 'id', type: 'bigint' }, ...columns], keys: ['id'], rows };
}
