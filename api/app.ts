import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { answerClientError } from './client-error.ts';
import type { ApiDeps } from './deps.ts';
import { openStores } from '#stores/open-stores.ts';
import { addCommandId } from './plugins/command-id.ts';
import { mountRoutes } from './mount-routes.ts';
import { addAudit, type ServedNote } from './plugins/audit.ts';
import { addAuthentication, addAuthorization } from './plugins/authentication.ts';
import { addOpenApi, openDocs } from './plugins/openapi.ts';
import { addProblems, answerProblem } from './plugins/problems.ts';
import { addQueryKeys } from './plugins/query-keys.ts';
import { addRequestLog } from './plugins/request-log.ts';
import { addSecurityHeaders } from './plugins/security-headers.ts';
import { addTeams } from './plugins/teams.ts';
import { recentConfigs } from './services/recent-configs.ts';
import { checkReadiness } from './readiness.ts';
import { auditRoutes } from './routes/audit.ts';
import { healthRoutes } from './routes/health.ts';
import { keyRoutes } from './routes/keys.ts';

const SECOND = 1_000;
/** One request may contain many configs, each at most 1 MiB. Only callers with a valid key can send one. */
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
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
    routerOptions: { maxParamLength: 1_000 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  const served: ServedNote = new AsyncLocalStorage();
  const stores = openStores(deps, { now, note: () => served.getStore() });
  addProblems(app);
  openDocs(app);
  if (deps.watchRoute) app.addHook('onRoute', deps.watchRoute);
  addSecurityHeaders(app);
  addAuthentication(app, stores.keys);
  addRequestLog(app);
  addAudit(app, stores.audit, served, now);
  addAuthorization(app);
  const current = () => stores.configs.current();
  const recent = recentConfigs(current);
  addTeams(app, { current, recent });
  addCommandId(app, stores.keyedRequests, now);
  addQueryKeys(app);
  // A missing body means the same as an empty object: the route's defaults.
  app.addHook('preValidation', async (request) => {
    request.body ??= {};
  });
  await addOpenApi(app, '0.1.0');

  await app.register(healthRoutes, { ready: () => checkReadiness(deps, now) });
  await app.register(keyRoutes, stores);
  await app.register(auditRoutes, stores);
  await mountRoutes(app, deps, stores, now, recent);
  if (deps.extraRoutes) await app.register(deps.extraRoutes);
  return app;
}
