import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  type RouteOptions,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Environment } from '#configs/environment.ts';
import type { JobBackend } from '#platform/job-backend.ts';
import type { ObjectStore } from '#platform/object-store.ts';
import type { TableHandle } from '#platform/table.ts';
import { createAuditStore } from './audit-store.ts';
import { createKeysStore } from './keys-store.ts';
import { scoringRoutes } from '#scoring/http.ts';
import { createPartitionStore } from '#features/partition-store.ts';
import { createConfigStore } from '#registry/plan/config-store.ts';
import { createRegistry } from '#registry/registry.ts';
import { createTrainingStore } from '#registry/training-store.ts';
import { createScoresStore } from '#scoring/scores-store.ts';
import { addCommandId } from './plugins/command-id.ts';
import { addAudit } from './plugins/audit.ts';
import { addAuthentication, addAuthorization } from './plugins/authentication.ts';
import { addOpenApi, openDocs } from './plugins/openapi.ts';
import { addProblems, answerProblem } from './plugins/problems.ts';
import { addRequestLog } from './plugins/request-log.ts';
import { checkReadiness } from './readiness.ts';
import { auditRoutes } from './routes/audit.ts';
import { healthRoutes } from './routes/health.ts';
import { keyRoutes } from './routes/keys.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { partitionStartRoutes } from './routes/partitions.ts';
import { scoreRoutes } from './routes/scores.ts';
import { trainingRoutes } from './routes/trainings.ts';
import type { StartDeps } from './starts/start-deps.ts';
import { createWorkflowStarter } from './workflows/starter.ts';
import { workflowRoutes } from './routes/workflows.ts';
import { createJobLogs } from './workflows/job-logs.ts';
import { createWorkflowReader } from './workflows/reader.ts';

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

const SECOND = 1_000;
/** Configs come many in one request, each at most 1 MiB. Only who has a valid key gets as far as sending one. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** The whole application, not yet listening. Nothing in it reads the environment or keeps state outside `deps`. */
export async function buildApp(deps: ApiDeps): Promise<FastifyInstance> {
  const now = deps.now ?? (() => new Date());
  const app = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT,
    requestTimeout: 60 * SECOND,
    handlerTimeout: 60 * SECOND,
    keepAliveTimeout: 30 * SECOND,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
    routerOptions: { maxParamLength: 1_000 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  const keys = createKeysStore(deps.table, now);
  const audit = createAuditStore(deps.table);
  addProblems(app);
  openDocs(app);
  if (deps.watchRoute) app.addHook('onRoute', deps.watchRoute);
  addAuthentication(app, keys);
  addRequestLog(app);
  addAudit(app, audit, now);
  addAuthorization(app);
  addCommandId(app);
  // No body and an empty object ask for the same: whatever the route's defaults are.
  app.addHook('preValidation', async (request) => {
    request.body ??= {};
  });
  await addOpenApi(app, '0.1.0');

  await app.register(healthRoutes, { ready: () => checkReadiness(deps) });
  await app.register(keyRoutes, { keys });
  await app.register(auditRoutes, { audit });
  await app.register(workflowRoutes, {
    reader: createWorkflowReader(deps.temporal, deps.environment.MILLRACE_TEMPORAL_UI),
    logs: createJobLogs(deps.table, deps.jobs),
  });
  const starts = startDepsOf(deps, now);
  await app.register(partitionStartRoutes, { starts });
  await app.register(trainingRoutes, { starts });
  await app.register(deploymentRoutes, { starts });
  await app.register(scoreRoutes, { starts });
  await app.register(scoringRoutes, { scores: starts.scores, uri: (key) => deps.objects.uri(key) });
  if (deps.extraRoutes) await app.register(deps.extraRoutes);
  return app;
}

function startDepsOf({ environment, table, objects, temporal }: ApiDeps, now: () => Date): StartDeps {
  return {
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
}
