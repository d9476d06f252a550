import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance, type DuckDBConnection, type DuckDBResultReader } from '@duckdb/node-api';
import type { Environment } from '#configs/environment.ts';
import { createS3Client } from '#platform/objects/s3-object-store.ts';
import { duckDbError } from './duckdb-error.ts';
import { textSql } from '../../sql/text-sql.ts';
import { absolutePath } from './duckdb-select.ts';

export interface DuckDbOptions {
  readonly env: Environment;
  /** Local folder for spilling, which no other DuckDB may use. */
  readonly folder: string;
  /** The only files that statements can read and write: `s3://` URIs and local paths. */
  readonly files: readonly string[];
  /** @default 1 */
  readonly threads?: number;
}

export interface StatementRun {
  /** Interrupts the statement, whose promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called about once a second, with the share done (0 to 1) if DuckDB knows it. */
  readonly onShare?: ((share: number | undefined) => void) | undefined;
}

/** A connection to a DuckDB of its own. */
export interface DuckDbSession extends AsyncDisposable {
  all(sql: string, run?: StatementRun): Promise<DuckDBResultReader>;
}

/**
 * Opens an in-memory DuckDB for one build. It is not shared, since the files that a DuckDB may open cannot change once it is
 * locked. Throws `ENGINE_FAILED` and the other errors of `duckDbError`.
 */
export async function openDuckDb(options: DuckDbOptions): Promise<DuckDbSession> {
  const instance = await openInstance(options).catch((error: unknown) => {
    throw duckDbError(error);
  });
  const connection = await instance.connect();
  return {
    all: async (sql, run) => await runInterruptibly(connection, sql, run),
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
      await Promise.resolve();
    },
  };
}

async function openInstance({ env, folder, files, threads = 1 }: DuckDbOptions): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: env.MILLRACE_DUCKDB_MEMORY,
    temp_directory: resolve(folder, 'duckdb-spill'),
    max_temp_directory_size: env.MILLRACE_DUCKDB_DISK,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_persistent_secrets: 'false',
    // The compiler bounds what an author nests, and prints several levels for some operators.
    max_expression_depth: '10000',
    // As in Spark, a division by zero gives NULL.
    ieee_floating_point_ops: 'false',
  });
  const connection = await instance.connect();
  try {
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    if (env.MILLRACE_DUCKDB_HTTPFS !== undefined) {
      await connection.run(`LOAD ${textSql(env.MILLRACE_DUCKDB_HTTPFS)}`);
      await connection.run(await s3Secret(env));
    }
    await connection.run(
      `SET allowed_paths = [${files.map((file) => textSql(absolutePath(file))).join(', ')}]`,
    );
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return instance;
  } catch (error) {
    instance.closeSync();
    throw error;
  } finally {
    connection.closeSync();
  }
}

async function s3Secret(env: Environment): Promise<string> {
  const client = createS3Client(env);
  // The SDK's own credential chain: environment variables, profile, web identity or instance role.
  const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
  client.destroy();
  const endpoint = env.MILLRACE_S3_ENDPOINT === undefined ? undefined : new URL(env.MILLRACE_S3_ENDPOINT);
  const settings = [
    `KEY_ID ${textSql(accessKeyId)}`,
    `SECRET ${textSql(secretAccessKey)}`,
    `REGION ${textSql(env.AWS_REGION)}`,
    ...(sessionToken === undefined ? [] : [`SESSION_TOKEN ${textSql(sessionToken)}`]),
    ...(endpoint === undefined
      ? []
      : [
          `ENDPOINT ${textSql(endpoint.host)}`,
          `USE_SSL ${endpoint.protocol === 'https:'}`,
          `URL_STYLE 'path'`,
        ]),
  ];
  return `CREATE OR REPLACE SECRET lake (TYPE s3, ${settings.join(', ')})`;
}

async function runInterruptibly(
  connection: DuckDBConnection,
  sql: string,
  { signal, onShare }: StatementRun = {},
): Promise<DuckDBResultReader> {
  signal?.throwIfAborted();
  const running = new AbortController();
  const watch = async (): Promise<void> => {
    // Repeated, because an interrupt before the query has begun is lost.
    for (let tick = 0; !running.signal.aborted; tick += 1) {
      if (signal?.aborted === true) connection.interrupt();
      if (tick % 10 === 9) onShare?.(shareDone(connection.progress.percentage));
      await sleep(100, undefined, { signal: running.signal, ref: false }).catch(() => undefined);
    }
  };
  const watching = watch();
  try {
    return await connection.runAndReadAll(sql);
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw duckDbError(error);
  } finally {
    running.abort();
    await watching;
  }
}

function shareDone(percentage: number): number | undefined {
  return percentage < 0 ? undefined : Math.min(percentage / 100, 1);
}
