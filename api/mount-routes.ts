import type { FastifyInstance } from 'fastify';
import type { AppliedConfigs } from '#catalog/config-store.ts';
import type { Stores } from '#stores/open-stores.ts';
import type { ApiDeps } from './deps.ts';
import { configRoutes } from './routes/configs/routes.ts';
import { allDagSpecsRoutes } from './routes/dag-specs.ts';
import { previewRoutes } from './routes/feature-sets/preview.ts';
import { featureSetRoutes } from './routes/feature-sets/routes.ts';
import { modelRoutes } from './routes/models/routes.ts';
import { pairRoutes } from './routes/pairs/routes.ts';
import { modelCardSchemaRoutes } from './routes/schemas/model-card.ts';
import { searchRoutes } from './routes/search.ts';
import { sourceDraftRoutes } from './routes/sources/draft.ts';
import { workerRoutes } from './routes/workers/routes.ts';
import { workflowRoutes } from './routes/workflows/routes.ts';
import { pairsSeen } from './services/pairs-seen.ts';
import { startMaterialise } from './starts/materialise.ts';
import type { StartDeps } from './starts/start-deps.ts';
import { createJobLogs } from './workflows/job-logs.ts';
import { createWorkflowReader } from './workflows/reader.ts';
import { createWorkflowStarter } from './workflows/starter.ts';

/** Every route that reads or writes a domain's store, or starts or watches workflows. */
export async function mountRoutes(
  app: FastifyInstance,
  deps: ApiDeps,
  stores: Stores,
  now: () => Date,
  recent: () => Promise<AppliedConfigs>,
): Promise<void> {
  const { environment, table, objects, temporal } = deps;
  const starts: StartDeps = {
    environment,
    temporal,
    objects,
    now,
    starter: createWorkflowStarter(temporal),
    ...stores,
  };
  const { configs, dagSpecs, partitions, registry } = stores;

  const uri = (key: string): string => objects.uri(key);

  await app.register(configRoutes, { configs, registry, partitions, now });
  await app.register(sourceDraftRoutes, { configs: async () => (await recent()).configs, objects });
  await app.register(featureSetRoutes, {
    configs: async () => (await configs.current()).configs,
    partitions,
    starter: starts.starter,
    start: (request) => startMaterialise(starts, request),
    uri,
    environment,
    objects,
    now,
  });
  await app.register(previewRoutes, { configs, registry, partitions, environment, objects, now });
  await app.register(pairRoutes, { starts, dagSpecs, uri });
  await app.register(modelRoutes, { starts });
  const seenBy = pairsSeen(recent);
  await app.register(allDagSpecsRoutes, { dagSpecs, seenBy });
  await app.register(searchRoutes, { registry, seenBy });
  await app.register(modelCardSchemaRoutes);
  await app.register(workflowRoutes, {
    starts,
    reader: createWorkflowReader(temporal, environment.MILLRACE_TEMPORAL_UI),
    logs: createJobLogs(table, deps.jobs),
  });
  await app.register(workerRoutes, { temporal, now });
}
