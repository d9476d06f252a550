import { join } from 'node:path';
import { readEnvironment, type Environment } from '#configs/environment.ts';
import { bootstrap, type Bootstrapped } from '#api/bootstrap/bootstrap.ts';
import { openTable } from '#platform/table.ts';
import { openTemporalClient } from '#platform/temporal.ts';
import { ROOT } from '../set-up/tools.ts';
import { saysReady, startProcess, type ProcessSpec } from './processes.ts';
import type { Servers } from './servers.ts';

/**
 * The processes of the platform itself: two workers (rows are scored in a process of their own) and the API. Named as in
 * the home's records and logs.
 */
export const PLATFORM_PROCESSES = {
  worker: ['workers/main.ts', 'lifecycle', 'jobs', 'features'],
  scoring: ['workers/main.ts', 'scoring'],
  api: ['api/main.ts'],
} as const;

export type PlatformProcess = keyof typeof PLATFORM_PROCESSES;

export interface Platform {
  readonly env: Environment;
  readonly bootstrapped: Bootstrapped;
  /** Addresses for people. */
  readonly api: string;
  readonly temporalUi: string;
}

/** Table, bucket, search attributes and schedules first, then the processes; each that runs already is kept. */
export async function startPlatform(servers: Servers): Promise<Platform> {
  const env = readEnvironment(servers.env);
  const bootstrapped = await bootstrapOnce(env);
  await Promise.all(
    (Object.keys(PLATFORM_PROCESSES) as PlatformProcess[]).map((name) => startPlatformProcess(servers, name)),
  );
  const { MILLRACE_API_HOST, MILLRACE_API_PORT, MILLRACE_TEMPORAL_UI } = env;
  return {
    env,
    bootstrapped,
    api: `http://${MILLRACE_API_HOST}:${MILLRACE_API_PORT}`,
    temporalUi: MILLRACE_TEMPORAL_UI ?? '',
  };
}

/** Brings one of them up, also again after it was killed. */
export async function startPlatformProcess(servers: Servers, name: PlatformProcess): Promise<void> {
  await startProcess(servers.home, platformProcess(servers, name));
}

function platformProcess(servers: Servers, name: PlatformProcess): ProcessSpec {
  const [script, ...args] = PLATFORM_PROCESSES[name];
  return {
    name,
    command: [process.execPath, join(ROOT, script), ...args],
    env: servers.env,
    cwd: ROOT,
    ready: saysReady,
  };
}

async function bootstrapOnce(environment: Environment): Promise<Bootstrapped> {
  const table = openTable(environment);
  const temporal = openTemporalClient(environment);
  try {
    return await bootstrap({ environment, table, temporal });
  } finally {
    await temporal.connection.close();
    table.client.destroy();
  }
}
