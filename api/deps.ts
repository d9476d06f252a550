import type { Client } from '@temporalio/client';
import type { FastifyBaseLogger, FastifyPluginAsync, RouteOptions } from 'fastify';
import type { Environment } from '#configs/environment.ts';
import type { Platform } from '#platform/open-platform.ts';

/** Everything the application stands on, opened by the composition root or by a test. */
export interface ApiDeps extends Platform {
  readonly environment: Environment;
  readonly log: FastifyBaseLogger;
  readonly temporal: Client;
  readonly now?: () => Date;
  /** Sees each route as it is added. */
  readonly watchRoute?: (route: RouteOptions) => void;
  /** Mounted last, under the same rules as every other route. */
  readonly extraRoutes?: FastifyPluginAsync;
}
