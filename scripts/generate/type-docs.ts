import { PLAIN_TYPES } from '#configs/types/declared-type.ts';
import { isCastable } from '#features/sql/table/casts.ts';
import { type SimpleKind, simple, decimal, type SqlType, typeName } from '#features/sql/types.ts';
import { table } from './function-docs.ts';
import { sourceTypeDocs } from './source-type-docs.ts';

const SIMPLE: readonly SimpleKind[] = [...PLAIN_TYPES, 'binary'];
const TYPES: readonly SqlType[] = [...SIMPLE.map(simple), decimal(10, 2)];

/** docs/reference/types.md: the types of columns and of values in queries, from the tables that decide. */
export function typeDocs(): string {
  return [
    '# Types',
    '',
    'Generated from `configs/` and `features/sql/`, which the loader and the compiler use.',
    '',
    ...sourceTypeDocs(),
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

function targets(from: SqlType): string {
  return TYPES.filter((to) => to !== from && isCastable(from, to) === undefined)
    .map((to) => typeName(to))
    .join(', ');
}
