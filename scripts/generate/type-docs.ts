import { FILE_KINDS, type FileType } from '#configs/types/column-type.ts';
import { PLAIN_TYPES } from '#configs/types/declared-type.ts';
import { fitsSource } from '#features/checks/column-types.ts';
import { isCastable } from '#features/sql/table/casts.ts';
import { type SimpleKind, simple, decimal, type SqlType, typeName } from '#features/sql/types.ts';
import { table } from './function-docs.ts';

const SIMPLE: readonly SimpleKind[] = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'string',
  'binary',
  'date',
  'timestamp',
  'timestamp_ntz',
];
const TYPES: readonly SqlType[] = [...SIMPLE.map(simple), decimal(10, 2)];

const DECLARED: readonly SqlType[] = [...PLAIN_TYPES.map(simple), decimal(10, 2)];

/** docs/reference/types.md: the types of columns and of values in queries, from the tables that decide. */
export function typeDocs(): string {
  return [
    '# Types',
    '',
    'Generated from `configs/` and `features/sql/`, which the loader and the compiler use.',
    '',
    '## Columns of sources',
    '',
    'Types that a source may declare, and the columns of Parquet files that fit each: those that widen to it without loss. `decimal(10,2)` stands for every decimal. `array<T>`, `map<K,V>` and `struct<a:T,b:U>` fit part by part; keys of maps are no floats and not nested.',
    '',
    ...table(
      ['declared', 'in the files'],
      DECLARED.map((declared) => [typeName(declared), fileTypes(declared)]),
    ),
    '## Conversions',
    '',
    'What `CAST` takes, with ANSI mode off: a value that does not fit gives NULL or wraps around, as in Spark. `decimal(10,2)` stands for every decimal. Arrays, maps and structs convert part by part. Whatever is not named is refused, with what to use instead.',
    '',
    ...table(
      ['from', 'to'],
      TYPES.map((from) => [typeName(from), targets(from)]),
    ),
  ].join('\n');
}

function fileTypes(declared: SqlType): string {
  const found: readonly FileType[] = [...TYPES, ...FILE_KINDS.map((kind) => ({ kind }))];
  return found
    .filter((type) => fitsSource(type, declared))
    .map((type) => typeName(type))
    .join(', ');
}

function targets(from: SqlType): string {
  return TYPES.filter((to) => to !== from && isCastable(from, to) === undefined)
    .map((to) => typeName(to))
    .join(', ');
}
