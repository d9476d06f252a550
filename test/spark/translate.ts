import { compile } from '#features/sql/compile.ts';
import { SqlFault } from '#features/sql/fault.ts';
import type { ReadableRelation } from '#features/sql/relation.ts';
import {
  arrayOf,
  decimal,
  simple,
  typeName,
  VOID,
  type SimpleKind,
  type SqlType,
} from '#features/sql/types.ts';
import type { Column, SparkType } from './encoded.ts';

/** A table that a query may read. */
export interface QueryTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Columns that identify a row; empty if none do. */
  readonly keys: readonly string[];
}

export interface Translated {
  readonly duckdb: string;
  readonly spark: string;
  /** What the compiler says of the result; a column without an alias has no name. */
  readonly columns?: readonly { readonly name: string | undefined; readonly type: string }[];
}

/** With code and message. */
export interface Refused {
  readonly refused: string;
}

/** What the platform makes of a query: the texts that DuckDB and Spark run. */
export function translate(sql: string, tables: readonly QueryTable[]): Translated | Refused {
  try {
    const { duckdb, spark, columns } = compile(sql, tables.map(relation));
    return { duckdb, spark, columns: columns.map(({ name, type }) => ({ name, type: typeName(type) })) };
  } catch (error) {
    if (!(error instanceof SqlFault)) throw error;
    return { refused: `${error.code}: ${error.message}` };
  }
}

/** False if the compiler refuses the query. One on which the compiler fails counts as accepted, so that it becomes a case. */
export function isAccepted(sql: string, tables: readonly QueryTable[]): boolean {
  try {
    return !('refused' in translate(sql, tables));
  } catch {
    return true;
  }
}

/** The type of an expression over a table: undefined if the compiler refuses it, void if the compiler fails on it. */
export function compiledType(expression: string, table: QueryTable): SqlType | undefined {
  try {
    return compile(`SELECT ${expression} AS a FROM ${table.name}`, [relation(table)]).columns[0]?.type;
  } catch (error) {
    return error instanceof SqlFault ? undefined : VOID;
  }
}

function relation({ name, columns, keys }: QueryTable): ReadableRelation {
  return {
    name,
    columns: columns.map((column) => ({
      name: column.name,
      type: sqlType(column.type),
      origins: new Set([`${name}.${column.name}`]),
    })),
    hidden: new Map(),
    rows: new Set([`${name}.*`]),
    keys,
  };
}

/** The compiler's form of a column's type. */
export function sqlType(type: SparkType): SqlType {
  if (typeof type === 'string') {
    const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
    return precision === undefined ? simple(type as SimpleKind) : decimal(Number(precision), Number(scale));
  }
  if ('array' in type) return arrayOf(sqlType(type.array));
  if ('map' in type) return { kind: 'map', key: sqlType(type.map[0]), value: sqlType(type.map[1]) };
  return { kind: 'struct', fields: type.struct.map(([name, of]) => ({ name, type: sqlType(of) })) };
}
