import type { SchemaElement } from 'hyparquet';
import { type FileType, typeText } from '#configs/types/column-type.ts';
import type { FoundColumn } from '../checks/found-column.ts';

interface Field {
  readonly name: string;
  readonly type: FileType;
}

/**
 * The columns of a file, by their Spark types: `decimal(10,2)`, `array<int>`, `struct<a:int>`. Types that Spark lacks have names
 * of their own, such as `uinteger`. `schema` is the depth-first list of a Parquet footer.
 */
export function columnsOf(schema: readonly SchemaElement[]): FoundColumn[] {
  const elements = schema.values();
  const root = elements.next().value;
  return children(root, elements).map(({ name, type }) => ({ name, type: typeText(type) }));
}

/** A node of the schema with what stands below it. */
interface Node extends Field {
  readonly element: SchemaElement;
  readonly below: readonly Node[];
}

function children(parent: SchemaElement | undefined, elements: Iterator<SchemaElement>): Node[] {
  return Array.from({ length: parent?.num_children ?? 0 }, () => {
    const element = elements.next().value as SchemaElement | undefined;
    if (element === undefined) throw new RangeError('The schema ends within a group.');
    const below = children(element, elements);
    return { name: element.name, element, below, type: typeOf(element, below) };
  });
}

/** A repeated field that is not inside a list or a map, which read what stands below it, is a list without nulls. */
function typeOf(element: SchemaElement, below: readonly Node[]): FileType {
  const type = valueType(element, below);
  return element.repetition_type === 'REPEATED' ? { kind: 'array', element: type } : type;
}

function valueType(element: SchemaElement, below: readonly Node[]): FileType {
  return element.num_children === undefined ? plainType(element) : groupType(element, below);
}

function groupType({ converted_type, logical_type }: SchemaElement, below: readonly Node[]): FileType {
  const kind = logical_type?.type ?? converted_type;
  const [only] = below;
  if (kind === 'LIST' && only !== undefined) return { kind: 'array', element: elementType(only) };
  if ((kind === 'MAP' || kind === 'MAP_KEY_VALUE') && only !== undefined) {
    const [key, value] = only.below;
    if (key !== undefined && value !== undefined) return { kind: 'map', key: key.type, value: value.type };
  }
  return { kind: 'struct', fields: below.map(({ name, type }) => ({ name, type })) };
}

/** Newer writers put a group of one field around each element; for others the repeated value is the element itself. */
function elementType({ element, below }: Node): FileType {
  const [only, ...more] = below;
  const isElement = element.name === 'array' || element.name.endsWith('_tuple');
  return only !== undefined && more.length === 0 && !isElement ? only.type : valueType(element, below);
}

function plainType(element: SchemaElement): FileType {
  const { type, converted_type, logical_type, precision, scale } = element;
  const annotation = logical_type?.type;
  if (logical_type?.type === 'TIMESTAMP')
    return { kind: logical_type.isAdjustedToUTC ? 'timestamp' : 'timestamp_ntz' };
  if (annotation === 'UUID') return { kind: 'uuid' };
  if (annotation === 'FLOAT16') return { kind: 'float' };
  if (annotation === 'NULL') return { kind: 'void' };
  if (logical_type?.type === 'DECIMAL')
    return { kind: 'decimal', precision: logical_type.precision, scale: logical_type.scale };
  if (converted_type === 'DECIMAL') return { kind: 'decimal', precision: precision ?? 0, scale: scale ?? 0 };
  const integer =
    logical_type?.type === 'INTEGER'
      ? `${logical_type.isSigned ? '' : 'U'}INT_${logical_type.bitWidth}`
      : undefined;
  const kind =
    CONVERTED[converted_type ?? integer ?? ''] ??
    (annotation === undefined ? undefined : LOGICAL[annotation]) ??
    PHYSICAL[type ?? ''] ??
    'binary';
  return { kind };
}

type Plain = Exclude<FileType['kind'], 'decimal' | 'array' | 'map' | 'struct'>;

const CONVERTED: Readonly<Record<string, Plain>> = {
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

const LOGICAL: Readonly<Record<string, Plain>> = {
  STRING: 'string',
  ENUM: 'string',
  JSON: 'json',
  DATE: 'date',
  TIME: 'time',
  INTERVAL: 'interval',
};

const PHYSICAL: Readonly<Record<string, Plain>> = {
  BOOLEAN: 'boolean',
  INT32: 'int',
  INT64: 'bigint',
  INT96: 'timestamp',
  FLOAT: 'float',
  DOUBLE: 'double',
};
