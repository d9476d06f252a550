import { join } from 'node:path';
import { readEnvironment, type Environment } from '#configs/environment.ts';
import { existsSync, readFileSync } from 'node:fs';
import { bootstrap } from '#bootstrap/bootstrap.ts';
import { openTable } from '#platform/table/table.ts';
import { openTemporalClient } from '#platform/temporal/connection.ts';
import { ROOT, TOOLS } from './tools.ts';
import { writeWhole } from './write-whole.ts';
import type { ProcessSpec } from './launch.ts';
import { saysReady, startProcess } from './processes.ts';
import type { Servers } from './servers.ts';

/**
 * The platform's own processes: two workers (scoring has its own process) and the API. The names are those of the home's
 * records and logs.
 */
export const PLATFORM_PROCESSES = {
  worker: ['workers/main.ts', 'lifecycle', 'waits', 'jobs', 'features'],
  scoring: ['workers/main.ts', 'scoring'],
  api: ['api/main.ts'],
} as const;

export type PlatformProcess = keyof typeof PLATFORM_PROCESSES;

/** The home for the processes' records and logs, and their environment variables. */
export type PlatformHome = Pick<Servers, 'home' | 'env'>;

export interface Platform {
  readonly env: Environment;
  /** Addresses for people. */
  readonly api: string;
  readonly temporalUi: string;
  /** Key of this installation's first administrator. The command line reads it from the home's `cli.json`. */
  readonly adminKey: string;
}

/** Creates the table, bucket, search attributes and schedules, then starts the processes. Running processes are kept. */
export async function startPlatform(servers: PlatformHome, signal?: AbortSignal): Promise<Platform> {
  const env = readEnvironment(servers.env);
  const { MILLRACE_API_HOST, MILLRACE_API_PORT, MILLRACE_TEMPORAL_UI } = env;
  const api = `http://${MILLRACE_API_HOST}:${MILLRACE_API_PORT}`;
  const adminKey = await bootstrapOnce(env, join(servers.home, 'cli.json'), api);
  await Promise.all(
    (Object.keys(PLATFORM_PROCESSES) as PlatformProcess[]).map((name) =>
      startPlatformProcess(servers, name, signal),
    ),
  );
  return { env, api, temporalUi: MILLRACE_TEMPORAL_UI ?? '', adminKey };
}

/** Starts one of the processes, or restarts it after it was killed. */
export async function startPlatformProcess(
  servers: PlatformHome,
  name: PlatformProcess,
  signal?: AbortSignal,
): Promise<void> {
  await startProcess(servers.home, platformProcess(servers, name), signal);
}

function platformProcess(servers: PlatformHome, name: PlatformProcess): ProcessSpec {
  const [script, ...args] = PLATFORM_PROCESSES[name];
  return {
    name,
    command: [process.execPath, join(ROOT, script), ...args],
    // Node's compile cache saves half a second of CPU at each start.
    env: { NODE_COMPILE_CACHE: join(TOOLS, 'compile-cache'), ...servers.env },
    cwd: ROOT,
    ready: saysReady,
  };
}

/** A key is readable only when it is created. If it was lost before it was saved, a new one replaces it. */
async function bootstrapOnce(environment: Environment, keyFile: string, url: string): Promise<string> {
  const known = existsSync(keyFile)
    ? (JSON.parse(readFileSync(keyFile, 'utf8')) as { key: string })
    : undefined;
  const table = openTable(environment);
  const temporal = openTemporalClient(environment);
  try {
    const made = await bootstrap({ environment, table, temporal, anotherAdminKey: known === undefined });
    const key = made.admin_key?.text ?? known?.key;
    if (key === undefined) throw new Error('Bootstrap created no admin key.');
    const saved = { url, key, storage: storageOf(environment) };
    writeWhole(keyFile, `${JSON.stringify(saved)}\n`);
    return key;
  } finally {
    await temporal.connection.close();
    table.client.destroy();
  }
}

/** Lets a notebook read the lake without further settings. The keys are valid for the local server only. */
function storageOf(environment: Environment) {
  return {
    endpoint: environment.MILLRACE_S3_ENDPOINT,
    region: environment.AWS_REGION,
    access_key_id: environment.AWS_ACCESS_KEY_ID,
    secret_access_key: environment.AWS_SECRET_ACCESS_KEY,
  };
}
