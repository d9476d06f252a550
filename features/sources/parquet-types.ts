import type { SchemaElement } from 'hyparquet';
import type { FoundColumn } from '../checks/found-column.ts';

/**
 * The columns of a file, by their Spark types: `decimal(10,2)`, `array<int>`, `struct<a:int>`. Types that Spark lacks have names
 * of their own, such as `uinteger`. `schema` is the depth-first list of a Parquet footer.
 */
export function columnsOf(schema: readonly SchemaElement[]): FoundColumn[] {
  const elements = schema.values();
  const root = elements.next().value;
  return children(root, elements);
}

function children(parent: SchemaElement | undefined, elements: Iterator<SchemaElement>): FoundColumn[] {
  return Array.from({ length: parent?.num_children ?? 0 }, () => {
    const element = elements.next().value as SchemaElement | undefined;
    if (element === undefined) throw new RangeError('The schema ends within a group.');
    const below = children(element, elements);
    return { name: element.name, type: typeOf(element, below) };
  });
}

function typeOf(element: SchemaElement, below: readonly FoundColumn[]): string {
  const type = element.num_children === undefined ? plainType(element) : groupType(element, below);
  const bare = element.repetition_type === 'REPEATED' && !isWrapper(element);
  return bare ? `array<${type}>` : type;
}

/** The repeated group inside a list or map, which does not count as a level of the data. */
function isWrapper({ name }: SchemaElement): boolean {
  return name === 'list' || name === 'key_value' || name === 'bag' || name === 'map';
}

function groupType({ converted_type, logical_type }: SchemaElement, below: readonly FoundColumn[]): string {
  const kind = logical_type?.type ?? converted_type;
  const [inner = ''] = below.map(({ type }) => type);
  const fields = inner.slice('struct<'.length, -1);
  if (kind === 'LIST') return `array<${fields.slice(fields.indexOf(':') + 1)}>`;
  if (kind === 'MAP' || kind === 'MAP_KEY_VALUE')
    return `map<${fields.replaceAll(/(^|,)(?:key|value):/g, '$1')}>`;
  return `struct<${below.map(({ name, type }) => `${name}:${type}`).join(',')}>`;
}

function plainType({ type, converted_type, logical_type, precision, scale }: SchemaElement): string {
  const annotation = logical_type?.type;
  if (annotation === 'TIMESTAMP') return 'timestamp';
  if (annotation === 'UUID') return 'uuid';
  if (annotation === 'FLOAT16') return 'float';
  if (converted_type === 'DECIMAL' || annotation === 'DECIMAL')
    return `decimal(${precision ?? 0},${scale ?? 0})`;
  const integer =
    logical_type?.type === 'INTEGER'
      ? `${logical_type.isSigned ? '' : 'U'}INT_${logical_type.bitWidth}`
      : undefined;
  return (
    CONVERTED[converted_type ?? integer ?? ''] ??
    (annotation === undefined ? undefined : LOGICAL[annotation]) ??
    PHYSICAL[type ?? ''] ??
    'binary'
  );
}

const CONVERTED: Readonly<Record<string, string>> = {
  UTF8: 'string',
  ENUM: 'string',
  JSON: 'json',
  DATE: 'date',
  TIME_MILLIS: 'time',
  TIME_MICROS: 'time',
  TIMESTAMP_MILLIS: 'timestamp',
  TIMESTAMP_MICROS: 'timestamp',
  INTERVAL: 'interval',
  INT_8: 'tinyint',
  INT_16: 'smallint',
  INT_32: 'int',
  INT_64: 'bigint',
  UINT_8: 'utinyint',
  UINT_16: 'usmallint',
  UINT_32: 'uinteger',
  UINT_64: 'ubigint',
};

const LOGICAL: Readonly<Record<string, string>> = {
  STRING: 'string',
  ENUM: 'string',
  JSON: 'json',
  DATE: 'date',
  TIME: 'time',
  INTERVAL: 'interval',
};

const PHYSICAL: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  INT32: 'int',
  INT64: 'bigint',
  INT96: 'timestamp',
  FLOAT: 'float',
  DOUBLE: 'double',
};
