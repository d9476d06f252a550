import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { oneWorkflowRoutes, type WorkflowRouteDeps } from './workflow.ts';
import { workflowListRoutes } from './workflows.ts';

/** What operators and the CLI see of any workflow. */
export const workflowRoutes: FastifyPluginAsyncZod<WorkflowRouteDeps> = async (app, deps) => {
  await app.register(workflowListRoutes, deps);
  await app.register(oneWorkflowRoutes, deps);
};
