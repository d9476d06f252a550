import type { Client } from '@temporalio/client';
import type { FastifyBaseLogger, FastifyPluginAsync, RouteOptions } from 'fastify';
import type { Environment } from '#configs/environment.ts';
import type { JobBackend } from '#platform/jobs/job-backend.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { TableHandle } from '#platform/table/table.ts';

/** Everything the application stands on, opened by the composition root or by a test. */
export interface ApiDeps {
  readonly environment: Environment;
  readonly log: FastifyBaseLogger;
  readonly table: TableHandle;
  readonly objects: ObjectStore;
  readonly temporal: Client;
  /** Where the logs of outside jobs are read. */
  readonly jobs: JobBackend;
  readonly now?: () => Date;
  /** Sees each route as it is added. */
  readonly watchRoute?: (route: RouteOptions) => void;
  /** Mounted last, under the same rules as every other route. */
  readonly extraRoutes?: FastifyPluginAsync;
}
