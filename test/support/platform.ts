import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { readEnvironment, storageEnvironment, type Environment } from '#configs/environment.ts';
import type { ApiKey } from '#client/api-types.ts';
import { answer, createClient, type Client } from '#client/client.ts';
import {
  startPlatform,
  startPlatformProcess,
  type PlatformHome,
  type PlatformProcess,
} from '#local/platform.ts';
import { killProcess } from '#local/processes.ts';
import { forgetHome, innerHome, startServers } from '#local/servers.ts';
import { freshBucket, freshTable } from './stores.ts';

/** The platform as its users meet it: Temporal, workers and API as processes of their own, on fresh stores. */
export interface TestPlatform extends AsyncDisposable {
  readonly home: PlatformHome;
  readonly env: Environment;
  /** Calls the API as somebody with these roles in these teams; each name is one principal. */
  as(name: string, roles: ApiKey['roles'], teams: readonly string[]): Promise<Client>;
  readonly api: string;
  /** `kill -9`. */
  kill(name: PlatformProcess | 'temporal'): Promise<void>;
  start(name: PlatformProcess | 'temporal'): Promise<void>;
}

/**
 * Table and object store are those of the whole test run, under names of this platform's own; Temporal is its own server,
 * because task queues have fixed names and because a test may kill it.
 *
 * @param extra further variables for workers and API.
 */
export async function startTestPlatform(
  portOffset: number,
  extra: Readonly<Record<string, string>> = {},
): Promise<TestPlatform> {
  const shared = readEnvironment();
  const folder = resolve(innerHome(shared.MILLRACE_HOME, `platform-${randomUUID().slice(0, 8)}`));
  const servers = await startServers(folder, { only: ['temporal'], portOffset });
  const table = await freshTable();
  const bucket = await freshBucket();
  const home: PlatformHome = {
    home: folder,
    env: {
      ...servers.env,
      MILLRACE_TABLE_ENDPOINT: shared.MILLRACE_TABLE_ENDPOINT ?? '',
      MILLRACE_S3_ENDPOINT: shared.MILLRACE_S3_ENDPOINT ?? '',
      MILLRACE_TABLE: table.name,
      MILLRACE_BUCKET: bucket.bucket,
      ...storageEnvironment(shared),
      ...extra,
    },
  };
  const dispose = async (): Promise<void> => {
    await forgetHome(folder);
    await Promise.all([table[Symbol.asyncDispose](), bucket[Symbol.asyncDispose]()]);
  };
  try {
    const { api, adminKey, env } = await startPlatform(home);
    const admin = createClient(api, adminKey);
    return {
      home,
      env,
      api,
      async as(name, roles, teams) {
        const { key } = await answer(admin.POST('/v1/keys', { body: { name, roles, teams: [...teams] } }));
        return createClient(api, key);
      },
      kill: (process) => (process === 'temporal' ? servers.kill('temporal') : killProcess(folder, process)),
      start: (process) =>
        process === 'temporal' ? servers.start('temporal') : startPlatformProcess(home, process),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
