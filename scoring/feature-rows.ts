import type { DuckDBConnection, DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { DuckDBDoubleVector } from '@duckdb/node-api';
import { entityColumns } from '#configs/entity.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { refuseMissing } from './columns.ts';
import { batchLayout, type BatchLayout, type FeatureBatch } from './feature-batch.ts';
import type { ShardSlice } from './plan.ts';
import type { Signature } from './signature.ts';
import { sqlName, sqlText } from './sql-text.ts';

/** A slice whose part was downloaded to this machine. */
export interface LocalSlice extends ShardSlice {
  readonly path: string;
}

/** A batch of entities with their features, ascending by entity. */
export interface EntityBatch extends FeatureBatch {
  /** Values of each column of the entity. */
  readonly entities: readonly (readonly DuckDBValue[])[];
}

/** DuckDB types of all columns, by name. Throws `SCORE_COLUMN_MISSING`. */
export async function columnTypes(
  connection: DuckDBConnection,
  signature: Signature,
  slices: readonly LocalSlice[],
): Promise<ReadonlyMap<string, DuckDBType>> {
  let types: ReadonlyMap<string, DuckDBType> = new Map();
  for (const { path, key } of slices) {
    const empty = await connection.run(`SELECT * FROM read_parquet(${sqlText(path)}) LIMIT 0`);
    const found = empty.columnNames().map((name, column) => [name, empty.columnType(column)] as const);
    types = new Map(found);
    refuseMissing(signature, (name) => types.has(name), key);
  }
  return types;
}

/**
 * Reads the slices in batches of at most DuckDB's vector size (2,048 rows), ordered by entity across all slices, so that
 * the same rows give the same file, whatever their order in the parts. Throws `SCORE_COLUMN_TYPE`.
 */
export async function* readFeatureRows(
  connection: DuckDBConnection,
  signature: Signature,
  slices: readonly LocalSlice[],
): AsyncGenerator<EntityBatch> {
  const layout = batchLayout(signature);
  const keys = entityColumns(signature).length;
  const rows = await startReading(connection, query(signature, slices), slices);
  for (
    let chunk = await rows.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await rows.fetchChunk()
  ) {
    yield decode(chunk, layout, keys);
  }
}

async function startReading(connection: DuckDBConnection, sql: string, slices: readonly LocalSlice[]) {
  try {
    return await connection.stream(sql);
  } catch (error) {
    if (!/conversion error|binder error/i.test(String(error))) throw error;
    // DuckDB's message quotes the value, which is personal data.
    throw new MillraceError(
      'SCORE_COLUMN_TYPE',
      'A value cannot be read as the type the model was trained on.',
      {
        where: slices.map(({ key }) => key).join(', '),
      },
    );
  }
}

function query(signature: Signature, slices: readonly LocalSlice[]): string {
  const columns = signature.features.map(
    ({ name, input }) =>
      `CAST(${sqlName(name)} AS ${input === 'numeric' ? 'DOUBLE' : 'VARCHAR'}) AS ${sqlName(name)}`,
  );
  const entity = entityColumns(signature).map(sqlName);
  const reads = slices.map(
    ({ path, first_row, rows }, nth) => `
    SELECT ${[...entity, ...columns].join(', ')}, ${nth} AS slice_of_shard, file_row_number
    FROM read_parquet(${sqlText(path)}, file_row_number = true)
    WHERE file_row_number >= ${first_row} AND file_row_number < ${first_row + rows}`,
  );
  return `SELECT * EXCLUDE (slice_of_shard, file_row_number) FROM (${reads.join('\n    UNION ALL')})
    ORDER BY ${entity.join(', ')}, slice_of_shard, file_row_number`;
}

/** `keys`: number of columns of the entity, which come before those of the features. */
function decode(chunk: DuckDBDataChunk, layout: BatchLayout, keys: number): EntityBatch {
  const rows = chunk.rowCount;
  const numeric = new Float32Array(rows * layout.numeric);
  const categorical = Array.from({ length: rows * layout.categorical }, () => '');
  for (const [feature, { input, column }] of layout.places.entries()) {
    if (input === 'numeric') {
      const vector = chunk.getColumnVector(keys + feature);
      if (!(vector instanceof DuckDBDoubleVector))
        throw new TypeError(`Feature column ${keys + feature} is not of type DOUBLE.`);
      for (let row = 0; row < rows; row++) {
        numeric[row * layout.numeric + column] = vector.getItem(row) ?? Number.NaN;
      }
    } else {
      for (const [row, value] of chunk.getColumnValues(keys + feature).entries()) {
        categorical[row * layout.categorical + column] = typeof value === 'string' ? value : '';
      }
    }
  }
  const entities = Array.from({ length: keys }, (_, column) => chunk.getColumnValues(column));
  return { rows, numeric, categorical, entities };
}
