import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';
import { WORKFLOW_KINDS } from '#workflows/contract/ids.ts';
import { STATUSES } from '../../workflows/list-workflows.ts';
import type { WorkflowReader } from '../../workflows/reader.ts';
import { workflowRowSchema } from '../../workflows/row.ts';

const STATUS_NAMES = Object.keys(STATUSES) as (keyof typeof STATUSES)[];

const listQuery = pageQuery.extend({
  model: nameSchema.optional(),
  feature_set: nameSchema.optional(),
  type: z.enum(WORKFLOW_KINDS).optional().describe('What its id begins with'),
  status: z.enum(STATUS_NAMES).optional(),
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
