import type { Environment } from '#configs/environment.ts';
import type { JobBackends } from './jobs/job-backends.ts';
import { openJobBackends } from './jobs/open-job-backends.ts';
import type { ObjectStore } from './objects/object-store.ts';
import { createS3ObjectStore } from './objects/s3-object-store.ts';
import { openTable, type TableHandle } from './table/table.ts';

/** The outside systems that a process works with, apart from Temporal. */
export interface Platform {
  readonly table: TableHandle;
  readonly objects: ObjectStore;
  readonly jobs: JobBackends;
}

/** Connects on first use, so that a process can start before its servers are up. */
export function openPlatform(env: Environment): Platform & AsyncDisposable {
  const table = openTable(env);
  const objects = createS3ObjectStore(env);
  return {
    table,
    objects,
    jobs: openJobBackends(env),
    async [Symbol.asyncDispose]() {
      // Idle keep-alive connections would otherwise keep the process running for a minute.
      table.client.destroy();
      await objects[Symbol.asyncDispose]();
    },
  };
}
