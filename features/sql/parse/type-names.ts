import { invalid, unproven } from '../fault.ts';
import { MAX_PRECISION, type SimpleKind, type SqlType, type StructField } from '../types.ts';
import { Cursor } from './cursor.ts';
import { name } from './names.ts';

const SIMPLE: Readonly<Record<string, SimpleKind>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'tinyint',
  BYTE: 'tinyint',
  SMALLINT: 'smallint',
  SHORT: 'smallint',
  INT: 'int',
  INTEGER: 'int',
  BIGINT: 'bigint',
  LONG: 'bigint',
  FLOAT: 'float',
  REAL: 'float',
  DOUBLE: 'double',
  STRING: 'string',
  BINARY: 'binary',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_LTZ: 'timestamp',
  TIMESTAMP_NTZ: 'timestamp_ntz',
};

/** A type as in CAST: `decimal(10, 2)`, `array<int>`, `map<string, int>`, `struct<a: int>`. */
export function typeOf(cursor: Cursor): SqlType {
  const { at, upper, text } = cursor.take();
  const kind = SIMPLE[upper];
  if (kind !== undefined) return { kind };
  if (upper === 'DECIMAL' || upper === 'DEC' || upper === 'NUMERIC') return decimalType(cursor, at);
  if (upper === 'ARRAY') return inAngles(cursor, () => ({ kind: 'array', element: typeOf(cursor) }));
  if (upper === 'MAP')
    return inAngles(cursor, () => {
      const key = typeOf(cursor);
      cursor.expect(',');
      return { kind: 'map', key, value: typeOf(cursor) };
    });
  if (upper === 'STRUCT')
    return inAngles(cursor, () => ({ kind: 'struct', fields: cursor.list(() => field(cursor)) }));
  if (['CHAR', 'CHARACTER', 'VARCHAR', 'INTERVAL', 'VARIANT', 'VOID'].includes(upper))
    throw unproven(`The type ${text}`, 'use string, or another type', at);
  throw invalid(`"${text}" is not a type.`, at);
}

/** A type by its name, such as `decimal(10,2)`. Throws `SqlFault`. */
export function typeNamed(text: string): SqlType {
  const nothing = (): never => {
    throw new TypeError('The name of a type holds no expression.');
  };
  const cursor = new Cursor(text, { query: nothing, expression: nothing, value: nothing });
  const type = typeOf(cursor);
  if (cursor.token.kind !== 'end') throw cursor.unexpected('the end of the type');
  return type;
}

function decimalType(cursor: Cursor, at: number): SqlType {
  if (!cursor.skip('(')) return { kind: 'decimal', precision: 10, scale: 0 };
  const precision = wholeNumber(cursor);
  const scale = cursor.skip(',') ? wholeNumber(cursor) : 0;
  cursor.expect(')');
  if (precision < 1 || precision > MAX_PRECISION || scale > precision)
    throw invalid(
      `decimal(${precision},${scale}) is not a type: the precision is 1 to ${MAX_PRECISION} and the scale at most the precision.`,
      at,
    );
  return { kind: 'decimal', precision, scale };
}

function field(cursor: Cursor): StructField {
  const of = name(cursor);
  cursor.skip(':');
  return { name: of, type: typeOf(cursor) };
}

/** Two closing brackets may stand as one `>>` token. */
function inAngles(cursor: Cursor, inner: () => SqlType): SqlType {
  cursor.expect('<');
  const type = inner();
  cursor.expectAngle();
  return type;
}

export function wholeNumber(cursor: Cursor): number {
  const { token } = cursor;
  if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.text)) throw cursor.unexpected('a whole number');
  return Number(cursor.take().text);
}
