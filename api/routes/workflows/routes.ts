import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { cancelRoutes, type CancelRouteDeps } from './cancel.ts';
import { oneWorkflowRoutes, type WorkflowRouteDeps } from './workflow.ts';
import { workflowListRoutes } from './workflows.ts';

/** What operators and the CLI see of the platform's own workflows, and no others of the namespace. */
export const workflowRoutes: FastifyPluginAsyncZod<WorkflowRouteDeps & CancelRouteDeps> = async (
  app,
  deps,
) => {
  await app.register(workflowListRoutes, deps);
  await app.register(oneWorkflowRoutes, deps);
  await app.register(cancelRoutes, deps);
};
