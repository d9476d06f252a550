import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Encoded, SparkType } from './encoded.ts';
import { dateText, timestampText } from './time-text.ts';

const NAMES: Partial<Record<DuckDBTypeId, string>> = {
  [DuckDBTypeId.INTEGER]: 'int',
  [DuckDBTypeId.VARCHAR]: 'string',
  [DuckDBTypeId.BLOB]: 'binary',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp_ntz',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp',
  [DuckDBTypeId.SQLNULL]: 'void',
};

/** The type as Spark names it; a type that Spark lacks keeps DuckDB's name. */
export function typeOfDuckDb(type: DuckDBType): SparkType {
  if (type instanceof DuckDBListType) return { array: typeOfDuckDb(type.valueType) };
  if (type instanceof DuckDBMapType)
    return { map: [typeOfDuckDb(type.keyType), typeOfDuckDb(type.valueType)] };
  if (type instanceof DuckDBStructType) {
    const fields = type.entryNames.map((name, index): [string, SparkType] => {
      const of = type.entryTypes[index];
      return [name, of === undefined ? 'unknown' : typeOfDuckDb(of)];
    });
    return { struct: fields };
  }
  return NAMES[type.typeId] ?? type.toString().toLowerCase();
}

export function encodeDuckDb(value: DuckDBValue, type: DuckDBType | undefined): Encoded {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return isFloat(type) ? encodeFloat(value) : String(value);
  if (value instanceof DuckDBDecimalValue) return decimalText(value);
  if (value instanceof DuckDBDateValue) return dateText(value.days);
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return timestampText(value.micros);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex');
  if (value instanceof DuckDBListValue && type instanceof DuckDBListType)
    return value.items.map((item) => encodeDuckDb(item, type.valueType));
  if (value instanceof DuckDBStructValue && type instanceof DuckDBStructType)
    return type.entryNames.map((name, index) =>
      encodeDuckDb(value.entries[name] ?? null, type.entryTypes[index]),
    );
  if (value instanceof DuckDBMapValue && type instanceof DuckDBMapType)
    return value.entries.map((entry) => [
      encodeDuckDb(entry.key, type.keyType),
      encodeDuckDb(entry.value, type.valueType),
    ]);
  // No value of the language, so it equals nothing that Spark returns.
  return `${type?.toString() ?? 'unknown'}: ${String(value)}`;
}

function isFloat(type: DuckDBType | undefined): boolean {
  return type?.typeId === DuckDBTypeId.DOUBLE || type?.typeId === DuckDBTypeId.FLOAT;
}

function encodeFloat(value: number): number | string {
  if (Object.is(value, -0)) return '-0.0';
  return Number.isFinite(value) ? value : String(value);
}

/** With all digits of the scale, as in `1.50`. */
function decimalText({ value, scale }: DuckDBDecimalValue): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  if (scale === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
