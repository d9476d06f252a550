import {
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  LIST,
  listValue,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { sqlText } from './sql-text.ts';

/** Columns of every scores file, in order; `entity` has the same type as in the features. */
export const SCORE_COLUMNS = [
  { name: 'entity', type: 'entity' },
  { name: 'score_date', type: 'date' },
  { name: 'partition_date', type: 'date' },
  { name: 'version', type: 'int' },
  { name: 'probability', type: 'double' },
  { name: 'declined', type: 'boolean' },
  { name: 'reasons', type: 'array<string>' },
] as const;

export interface ScoredRows {
  readonly entities: readonly DuckDBValue[];
  readonly probabilities: Float32Array;
  readonly declined: readonly boolean[];
  /** Feature names; empty for accepted rows. */
  readonly reasons: readonly (readonly string[])[];
}

/** Collects scored rows on `connection` (one file per connection) and writes them as Parquet, in the order they were added. */
export async function startScoreFile(connection: DuckDBConnection, entityType: DuckDBType) {
  const types = [entityType, DOUBLE, BOOLEAN, LIST(VARCHAR)];
  await connection.run(
    `CREATE TEMP TABLE scored (entity ${entityType.toString()}, probability DOUBLE, declined BOOLEAN, reasons VARCHAR[])`,
  );
  const appender = await connection.createAppender('scored');
  return {
    append({ entities, probabilities, declined, reasons }: ScoredRows): void {
      const chunk = DuckDBDataChunk.create(types, entities.length);
      chunk.setColumnValues(0, entities);
      chunk.setColumnValues(1, [...probabilities]);
      chunk.setColumnValues(2, declined);
      chunk.setColumnValues(
        3,
        reasons.map((names) => listValue(names)),
      );
      appender.appendDataChunk(chunk);
      appender.flushSync();
    },
    /** The same rows give the same bytes: one thread, insertion order, no timestamp. */
    async write(path: string, constants: { score_date: string; partition_date: string; version: number }) {
      appender.closeSync();
      await connection.run(`COPY (
          SELECT entity, DATE ${sqlText(constants.score_date)} AS score_date,
            DATE ${sqlText(constants.partition_date)} AS partition_date,
            ${constants.version}::INTEGER AS version, probability, declined, reasons
          FROM scored
        ) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`);
    },
  };
}
