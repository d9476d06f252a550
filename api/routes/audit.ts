import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { wholeNumber } from './shared/whole-number.ts';
import { auditEntrySchema, type AuditStore } from '#access/audit-store.ts';

const querySchema = z.strictObject({
  limit: wholeNumber(z.number().int().min(1).max(1_000)).default(100),
  before: z.string().min(1).max(200).optional().describe('`next` of the previous page'),
});

const pageSchema = z.object({ entries: z.array(auditEntrySchema), next: z.string().optional() });

/** Change requests and their principals, newest first. */
export const auditRoutes: FastifyPluginAsyncZod<{ readonly audit: AuditStore }> = async (app, { audit }) => {
  app.get(
    '/v1/audit',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Read the audit trail',
        tags: ['audit'],
        querystring: querySchema,
        response: { 200: pageSchema },
      },
    },
    ({ query }) => audit.page(query),
  );
};
