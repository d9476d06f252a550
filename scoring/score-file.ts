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
import { sqlName, sqlText } from './sql-text.ts';

/** Columns of every scores file after those of the entity, in order. */
export const SCORE_COLUMNS = [
  { name: 'score_date', type: 'date' },
  { name: 'partition_date', type: 'date' },
  { name: 'version', type: 'int' },
  { name: 'probability', type: 'double' },
  { name: 'declined', type: 'boolean' },
  { name: 'reasons', type: 'array<string>' },
] as const;

/**
 * The columns of the entity in a scores file, of the same types as in the features: a single one is named `entity`, several keep
 * their own names.
 */
export function scoredKeys<C extends { readonly name: string }>(columns: readonly C[]): readonly C[] {
  return columns.length === 1 ? columns.map((column) => ({ ...column, name: 'entity' })) : columns;
}

export interface ScoredRows {
  /** Values of each column of the entity. */
  readonly entities: readonly (readonly DuckDBValue[])[];
  readonly probabilities: Float32Array;
  readonly declined: readonly boolean[];
  /** Feature names; empty for accepted rows. */
  readonly reasons: readonly (readonly string[])[];
}

/** A column of the entity as a shard has it. */
export interface KeyColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

/** Collects scored rows on `connection` (one file per connection) and writes them as Parquet, in the order they were added. */
export async function startScoreFile(connection: DuckDBConnection, entity: readonly KeyColumn[]) {
  const types = [...entity.map(({ type }) => type), DOUBLE, BOOLEAN, LIST(VARCHAR)];
  const keys = scoredKeys(entity).map(({ name, type }) => ({ name: sqlName(name), type }));
  const declared = keys.map(({ name, type }) => `${name} ${type.toString()}`).join(', ');
  await connection.run(
    `CREATE TEMP TABLE scored (${declared}, probability DOUBLE, declined BOOLEAN, reasons VARCHAR[])`,
  );
  const appender = await connection.createAppender('scored');
  return {
    append({ entities, probabilities, declined, reasons }: ScoredRows): void {
      const chunk = DuckDBDataChunk.create(types, probabilities.length);
      const lists = reasons.map((names) => listValue(names));
      for (const [column, values] of [...entities, [...probabilities], declined, lists].entries())
        chunk.setColumnValues(column, values);
      appender.appendDataChunk(chunk);
      appender.flushSync();
    },
    /** The same rows give the same bytes: one thread, insertion order, no timestamp. */
    async write(path: string, constants: { score_date: string; partition_date: string; version: number }) {
      appender.closeSync();
      await connection.run(`COPY (
          SELECT ${keys.map(({ name }) => name).join(', ')}, DATE ${sqlText(constants.score_date)} AS score_date,
            DATE ${sqlText(constants.partition_date)} AS partition_date,
            ${constants.version}::INTEGER AS version, probability, declined, reasons
          FROM scored
        ) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`);
    },
  };
}
