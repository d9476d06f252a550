import type { FastifyInstance } from 'fastify';
import { dagSpecRoutes } from './routes/dag-specs.ts';
import { createDagSpecStore } from '#airflow/store.ts';
import { featureRoutes } from './routes/feature-sets.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import { registryRoutes } from './routes/pairs.ts';
import { createConfigStore } from '#catalog/config-store.ts';
import { configRoutes } from './routes/configs.ts';
import { createRegistry } from '#registry/registry.ts';
import { createTrainingStore } from '#training/store.ts';
import { scoringRoutes } from './routes/committed-scores.ts';
import { createScoresStore } from '#scoring/scores-store.ts';
import type { ApiDeps } from './deps.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { partitionStartRoutes } from './routes/partitions.ts';
import { scoreRoutes } from './routes/scores.ts';
import { trainingRoutes } from './routes/trainings.ts';
import { workflowRoutes } from './routes/workflows.ts';
import type { StartDeps } from './starts/start-deps.ts';
import { createJobLogs } from './workflows/job-logs.ts';
import { createWorkflowReader } from './workflows/reader.ts';
import { tellJudged } from './workflows/signals.ts';
import { createWorkflowStarter } from './workflows/starter.ts';

/** The domains' own routes, which read and write their stores, and the routes that start or watch workflows. */
export async function mountRoutes(app: FastifyInstance, deps: ApiDeps, now: () => Date): Promise<void> {
  const { environment, table, objects, temporal } = deps;
  const starts: StartDeps = {
    environment,
    temporal,
    objects,
    now,
    starter: createWorkflowStarter(temporal),
    configs: createConfigStore(table, objects, now),
    partitions: createPartitionStore(table, objects),
    trainings: createTrainingStore(objects),
    registry: createRegistry(table, objects),
    scores: createScoresStore(table, objects),
  };
  const { configs, partitions, registry, scores } = starts;

  await app.register(configRoutes, { configs, registry, partitions, now });
  await app.register(registryRoutes, {
    registry,
    objects,
    authorMayApprove: async () => (await configs.current()).configs.platform.approval.author_may_approve,
    judged: (judged) => tellJudged(temporal, registry, judged),
    now: () => now().toISOString(),
  });
  await app.register(featureRoutes, {
    configs: async () => (await configs.current()).configs,
    partitions,
    uri: (key) => objects.uri(key),
  });
  await app.register(scoringRoutes, { scores, uri: (key) => objects.uri(key) });
  await app.register(dagSpecRoutes, { dagSpecs: createDagSpecStore(objects) });

  await app.register(partitionStartRoutes, { starts });
  await app.register(trainingRoutes, { starts });
  await app.register(deploymentRoutes, { starts });
  await app.register(scoreRoutes, { starts });
  await app.register(workflowRoutes, {
    reader: createWorkflowReader(temporal, environment.MILLRACE_TEMPORAL_UI),
    logs: createJobLogs(table, deps.jobs),
  });
}
