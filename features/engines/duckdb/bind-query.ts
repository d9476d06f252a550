import { DuckDBInstance } from '@duckdb/node-api';
import { DUCKDB_TYPES, foundColumns, name } from './duckdb-columns.ts';
import { duckDbError } from './duckdb-error.ts';
import type { FoundColumn } from '../../checks/found-column.ts';
import type { FeatureQuery } from '../../query/feature-query.ts';
import { assertOutputColumns } from '../../checks/output-columns.ts';
import { DUCKDB_MACROS } from './spark-on-duckdb.ts';
import { withPlace } from '../../query/sql-place.ts';
import { sparkToDuckDb } from './transpile.ts';

/**
 * Binds a compiled query to empty tables of the declared columns, in a separate DuckDB without access to files or
 * network. This finds a misspelt column, an unknown function or a feature that the query does not return before anything
 * is built.
 * Throws `SQL_FAILED`, `PARTITION_COLUMNS_DIFFER`, `FEATURE_TYPE_DIFFERS`, with the place in the template if it is known.
 */
export async function bindQuery(query: FeatureQuery): Promise<void> {
  try {
    assertOutputColumns(query.columns, await described(query));
  } catch (error) {
    throw withPlace(error, query.rendered);
  }
}

async function described({ sql, relations }: FeatureQuery): Promise<readonly FoundColumn[]> {
  const statement = `DESCRIBE ${sparkToDuckDb(sql)}`;
  const database = await DuckDBInstance.create(':memory:', {
    threads: '1',
    // A query over empty tables needs little, unless it computes with constants.
    memory_limit: '256MB',
    enable_external_access: 'false',
  });
  try {
    const connection = await database.connect();
    for (const macro of DUCKDB_MACROS) await connection.run(macro);
    for (const relation of relations) {
      const columns = relation.visible.map((column) => `${name(column.name)} ${DUCKDB_TYPES[column.type]}`);
      await connection.run(`CREATE TABLE ${name(relation.name)} (${columns.join(', ')})`);
    }
    return foundColumns(await connection.runAndReadAll(statement));
  } catch (error) {
    throw duckDbError(error);
  } finally {
    database.closeSync();
  }
}
