import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';
import type { WorkflowReader } from '../../workflows/reader.ts';
import { workflowRowSchema } from '../../workflows/row.ts';

const listQuery = pageQuery.extend({
  model: nameSchema.optional(),
  feature_set: nameSchema.optional(),
  status: z.enum(['running', 'failed']).optional(),
});

export const workflowListRoutes: FastifyPluginAsyncZod<{ readonly reader: WorkflowReader }> = async (
  app,
  { reader },
) => {
  app.get(
    '/v1/workflows',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'List workflows, newest first',
        tags: ['workflows'],
        querystring: listQuery,
        response: { 200: pageOf(workflowRowSchema) },
      },
    },
    ({ query }) => reader.list(query, pageAsked(query)),
  );
};
