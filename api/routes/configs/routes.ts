import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { PlanDeps } from '#plan/plan-files.ts';
import { applyRoutes } from './apply.ts';
import { documentRoutes } from './documents.ts';
import { planRoutes } from './plan.ts';
import { revisionRoutes } from './revisions.ts';

/** Plans and applies configs, and reads what is applied. Starts nothing. */
export const configRoutes: FastifyPluginAsyncZod<PlanDeps & { readonly configs: ConfigStore }> = async (
  app,
  deps,
) => {
  await app.register(planRoutes, deps);
  await app.register(applyRoutes, deps);
  await app.register(documentRoutes, deps);
  await app.register(revisionRoutes, deps);
};
