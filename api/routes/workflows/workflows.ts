import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import { wholeNumber } from '../shared/whole-number.ts';
import { workflowRowSchema, type WorkflowReader } from '../../workflows/reader.ts';

const listQuery = z.strictObject({
  model: nameSchema.optional(),
  feature_set: nameSchema.optional(),
  status: z.enum(['running', 'failed']).optional(),
  limit: wholeNumber(z.number().int().min(1).max(200)).default(20),
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
        response: { 200: z.object({ workflows: z.array(workflowRowSchema) }) },
      },
    },
    async ({ query }) => ({ workflows: await reader.list(query) }),
  );
};
