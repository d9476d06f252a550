import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance, type DuckDBConnection, type DuckDBResultReader } from '@duckdb/node-api';
import type { Environment } from '#configs/environment.ts';
import { createS3Client } from '#platform/objects/s3-object-store.ts';
import { duckDbError } from './duckdb-error.ts';
import { DUCKDB_MACROS } from './spark-on-duckdb.ts';

export interface DuckDbOptions {
  readonly env: Environment;
  /** The only bucket that queries may read. */
  readonly bucket: string;
  /** Local folder that queries may read and write; also used for spilling. */
  readonly folder: string;
  /** @default 1 */
  readonly threads?: number;
}

export interface StatementRun {
  /** Interrupts the statement, whose promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called about once a second, with the share done (0 to 1) if DuckDB knows it. */
  readonly onShare?: ((share: number | undefined) => void) | undefined;
}

/** A connection with its own tables and access to the bucket and the folder only. */
export interface DuckDbSession extends AsyncDisposable {
  all(sql: string, run?: StatementRun): Promise<DuckDBResultReader>;
}

/**
 * Opens sessions on one in-memory DuckDB, created with the first session, since loading the S3 extension takes longer
 * than most queries. All sessions share its memory limit.
 */
export function duckDbSessions(options: DuckDbOptions): () => Promise<DuckDbSession> {
  let opening: Promise<DuckDBInstance> | undefined;
  let secretInUse = '';
  let renewing: Promise<void> = Promise.resolve();

  // Set before each session, because role credentials expire, and one at a time, because DuckDB rejects concurrent changes.
  const renewSecret = async (connection: DuckDBConnection): Promise<void> => {
    const secret = await s3Secret(options.env);
    if (secret === secretInUse) return;
    await connection.run(secret);
    secretInUse = secret;
  };

  return async () => {
    opening ??= openInstance(options);
    const instance = await opening.catch((error: unknown) => {
      opening = undefined;
      throw duckDbError(error);
    });
    const connection = await instance.connect();
    if (options.env.MILLRACE_DUCKDB_HTTPFS !== undefined) {
      const renewed = renewing.then(async () => await renewSecret(connection));
      renewing = renewed.catch(() => undefined);
      await renewed.catch((error: unknown) => {
        connection.closeSync();
        throw duckDbError(error);
      });
    }
    return {
      all: async (sql, run) => await runInterruptibly(connection, sql, run),
      async [Symbol.asyncDispose]() {
        connection.closeSync();
        await Promise.resolve();
      },
    };
  };
}

async function openInstance({ env, bucket, folder, threads = 1 }: DuckDbOptions): Promise<DuckDBInstance> {
  const root = resolve(folder);
  const spill = join(root, 'duckdb-spill');
  await mkdir(spill, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: env.MILLRACE_DUCKDB_MEMORY,
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_persistent_secrets: 'false',
    // As in Spark, a division by zero gives NULL.
    ieee_floating_point_ops: 'false',
  });
  const connection = await instance.connect();
  try {
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    for (const macro of DUCKDB_MACROS) await connection.run(macro);
    if (env.MILLRACE_DUCKDB_HTTPFS !== undefined)
      await connection.run(`LOAD ${quote(env.MILLRACE_DUCKDB_HTTPFS)}`);
    await connection.run(`SET allowed_directories = [${quote(`s3://${bucket}/`)}, ${quote(`${root}/`)}]`);
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

export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function s3Secret(env: Environment): Promise<string> {
  const client = createS3Client(env);
  // The SDK's own credential chain: environment variables, profile, web identity or instance role.
  const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
  client.destroy();
  const endpoint = env.MILLRACE_S3_ENDPOINT === undefined ? undefined : new URL(env.MILLRACE_S3_ENDPOINT);
  const settings = [
    `KEY_ID ${quote(accessKeyId)}`,
    `SECRET ${quote(secretAccessKey)}`,
    `REGION ${quote(env.AWS_REGION)}`,
    ...(sessionToken === undefined ? [] : [`SESSION_TOKEN ${quote(sessionToken)}`]),
    ...(endpoint === undefined
      ? []
      : [
          `ENDPOINT ${quote(endpoint.host)}`,
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
