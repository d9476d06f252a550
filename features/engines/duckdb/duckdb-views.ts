import type { NamedColumn } from '#catalog/feature-configs.ts';
import { compileSql } from '../../query/compile-sql.ts';
import { plainRelation } from '../../query/readable-relations.ts';
import type { CompiledQuery } from '../../sql/compile.ts';
import type { ReadableRelation } from '../../sql/relation.ts';
import { INPUT, type InputRelation } from '../engine.ts';
import { nameSql } from '../../sql/text-sql.ts';

/** The view that a query reads a relation by. */
export interface DuckDbView {
  readonly sql: string;
  /** What the query can see of it. */
  readonly readable: ReadableRelation;
}

/** The input (`selectAll`) stands inside the view, so no query can name it. */
export function duckDbView(
  { name: relation, input, rows, keys = [] }: InputRelation,
  selectAll: string,
): DuckDbView {
  const create = `CREATE TEMP VIEW ${nameSql(relation)} AS`;
  if (rows === undefined)
    return { sql: `${create} ${selectAll}`, readable: { ...plainRelation(relation, input.columns), keys } };
  const compiled = platformSql(rows, INPUT, input.columns);
  const columns = compiled.columns.map((column) => {
    if (column.name === undefined) throw new TypeError(`A column of the rows of "${relation}" has no name.`);
    return { name: column.name, type: column.type, origins: new Set<string>() };
  });
  return {
    sql: `${create} WITH ${nameSql(INPUT)} AS (${selectAll}) ${compiled.duckdb}`,
    readable: { ...plainRelation(relation, []), columns, keys },
  };
}

/** SQL that the platform itself writes, over one table. */
export function platformSql(sql: string, table: string, columns: readonly NamedColumn[]): CompiledQuery {
  return compileSql(sql, [plainRelation(table, columns)]);
}
