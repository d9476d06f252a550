import { FILE_KINDS, type FileType, typeName } from '#configs/types/column-type.ts';
import { PLAIN_TYPES } from '#configs/types/declared-type.ts';
import { parseType } from '#configs/types/parse-type.ts';
import { fitsSource } from '#features/checks/column-types.ts';
import { table } from './function-docs.ts';

/** Types that files have, and how Parquet writes them. */
const IN_PARQUET: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  tinyint: 'INT32 with INT(8, signed)',
  smallint: 'INT32 with INT(16, signed)',
  int: 'INT32',
  bigint: 'INT64',
  utinyint: 'INT32 with INT(8, unsigned)',
  usmallint: 'INT32 with INT(16, unsigned)',
  uinteger: 'INT32 with INT(32, unsigned)',
  ubigint: 'INT64 with INT(64, unsigned)',
  float: 'FLOAT, or FIXED_LEN_BYTE_ARRAY with FLOAT16',
  double: 'DOUBLE',
  'decimal(p,s)': 'INT32, INT64, BYTE_ARRAY or FIXED_LEN_BYTE_ARRAY with DECIMAL',
  string: 'BYTE_ARRAY with STRING, UTF8 or ENUM',
  binary: 'BYTE_ARRAY or FIXED_LEN_BYTE_ARRAY without an annotation',
  uuid: 'FIXED_LEN_BYTE_ARRAY with UUID',
  date: 'INT32 with DATE',
  timestamp: 'INT64 with TIMESTAMP (adjusted to UTC), TIMESTAMP_MILLIS or TIMESTAMP_MICROS; INT96',
  timestamp_ntz: 'INT64 with TIMESTAMP (not adjusted to UTC)',
  void: 'any, with UNKNOWN: a column without a value',
  json: 'BYTE_ARRAY with JSON; no column reads it',
  time: 'INT32 or INT64 with TIME; no column reads it',
  interval: 'FIXED_LEN_BYTE_ARRAY with INTERVAL; no column reads it',
};

/** What a value is in a query. */
const IN_QUERIES: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  tinyint: '8 bits',
  smallint: '16 bits',
  int: '32 bits',
  bigint: '64 bits',
  float: '32 bits; cannot be a key or an entity',
  double:
    '64 bits; cannot be a key or an entity. Of `bigint`, if the footer shows that all values of the file are within ±2^53',
  string: 'text. Bytes must be UTF-8; a UUID is its 36 characters in lower case',
  date: 'a day',
  timestamp: 'an instant, shown in UTC. A time without a zone is one in UTC, and a date its beginning',
  timestamp_ntz:
    'a wall-clock time without a zone. Instants are refused, since they have none without a zone',
  'decimal(p,s)': 'exact, with p digits (up to 38), of which s stand behind the point',
};

const FOUND: readonly FileType[] = [
  ...PLAIN_TYPES.map((kind) => ({ kind })),
  { kind: 'binary' },
  ...FILE_KINDS.map((kind) => ({ kind })),
];

/** The types of source columns: what is written, which types of files are read, and what the values are in a query. */
export function sourceTypeDocs(): string[] {
  return [
    '## Columns of sources',
    '',
    '`columns` of a source gives each column a type in Spark’s spelling. A column in a file fits if its values widen to that type without loss; each file is judged by itself. A type with a comma or a colon stands in quotes inside braces: `{ amount: "decimal(12,2)" }`.',
    '',
    ...table(
      ['type', 'reads these types of files', 'in a query'],
      [
        ...PLAIN_TYPES.map((type) => [`\`${type}\``, accepted(type), IN_QUERIES[type] ?? '']),
        [
          '`decimal(p,s)`',
          'decimals of at most p-s digits before the point and s behind it; whole numbers if all values of their type fit (3, 5, 10 or 20 digits for 8, 16, 32 or 64 bits)',
          IN_QUERIES['decimal(p,s)'] ?? '',
        ],
        ['`array<T>`', 'lists whose elements fit T', 'a list'],
        [
          '`map<K,V>`',
          'maps whose keys and values fit',
          'a map. Stands only as the type of a whole column; keys are single values other than floats',
        ],
        [
          '`struct<a:T,b:U>`',
          'groups that have each field, by name and without case; further fields are left out',
          'a struct',
        ],
      ],
    ),
    'Types nest up to 8 levels deep. `decimal(p,0)` stands for whole decimals, as Oracle and Snowflake write ids: a value that does not fit the integer stops the build (`SOURCE_VALUE_INVALID`), as bytes do that are not UTF-8. The error names column and file, and no value.',
    '',
    'Features have the types that models read: `boolean`, `int`, `bigint`, `double` and `string`. A key or an entity has any type of single values but `float` and `double`, and keeps its exact value from the file to the scores.',
    '',
    '## Types of files',
    '',
    ...table(
      ['type', 'in Parquet'],
      Object.entries(IN_PARQUET).map(([type, parquet]) => [type, parquet]),
    ),
    'The value of a column may also stand in the name of a folder, as in `month=2024-01/part.parquet`. It is text that must be a value of the declared type; a date may stand without dashes, `20240131`.',
    '',
  ];
}

function accepted(declared: string): string {
  const type = parseType(declared);
  const kinds = FOUND.filter((found) => fitsSource(found, type)).map((found) => typeName(found));
  const whole = fitsSource({ kind: 'decimal', precision: 38, scale: 0 }, type);
  const any = fitsSource({ kind: 'decimal', precision: 38, scale: 2 }, type);
  return [...kinds, ...(any ? ['decimal(p,s)'] : whole ? ['decimal(p,0)'] : [])].join(', ');
}
