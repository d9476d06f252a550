import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { checkRoutes, type CheckRoutes } from './checks.ts';
import { lineageRoutes } from './lineage.ts';
import { partitionRoutes, type PartitionRoutes } from './partition.ts';
import { partitionsRoutes, type PartitionsRoutes } from './partitions.ts';
import { queryRoutes, type QueryRoutes } from './query.ts';

/** Feature sets: their partitions, built, read and checked, their queries and their lineage. */
export const featureSetRoutes: FastifyPluginAsyncZod<
  CheckRoutes & PartitionRoutes & PartitionsRoutes & QueryRoutes
> = async (app, deps) => {
  await app.register(partitionsRoutes, deps);
  await app.register(partitionRoutes, deps);
  await app.register(checkRoutes, deps);
  await app.register(lineageRoutes, deps);
  await app.register(queryRoutes, deps);
};
