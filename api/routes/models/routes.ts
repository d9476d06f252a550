import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { StartDeps } from '../../starts/start-deps.ts';
import { lifecycleRoutes } from './lifecycles.ts';
import { modelListRoutes } from './models.ts';
import { trainingRoutes } from './trainings.ts';

/** Models: which versions are live, trainings alone, and whole lifecycles: train, register, wait for approval, deploy. */
export const modelRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (app, { starts }) => {
  await app.register(modelListRoutes, { registry: starts.registry });
  await app.register(trainingRoutes, { starts });
  await app.register(lifecycleRoutes, { starts });
};
