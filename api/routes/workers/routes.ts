import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { useBuildRoutes } from './use-build.ts';
import { workerListRoutes, type WorkerRouteDeps } from './workers.ts';

/** Workers, the queues they serve, and which build of them gets new runs. */
export const workerRoutes: FastifyPluginAsyncZod<WorkerRouteDeps> = async (app, deps) => {
  await app.register(workerListRoutes, deps);
  await app.register(useBuildRoutes, deps);
};
