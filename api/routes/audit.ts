import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { wholeNumber } from './shared/whole-number.ts';
import { auditEntrySchema, type AuditStore } from '#access/audit-store.ts';
import { badPageToken, keyOfToken, tokenOfKey } from '#platform/table/page.ts';
import { utcInstant } from '#registry/instant.ts';
import { pageOf, pageQuery } from './shared/pages.ts';

const instant = z.iso.datetime({ offset: true });

/** Key of an entry: its time and the id of its request. */
const ENTRY = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z#\S+$/;

const querySchema = z.strictObject({
  ...pageQuery.shape,
  principal: z.string().max(200).optional(),
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  route: z.string().max(500).optional().describe('Pattern of the route, as the entries name it'),
  code: z.string().max(100).optional().describe('Error code'),
  status: wholeNumber(z.number().int().min(100).max(599)).optional(),
  since: instant.optional(),
  until: instant.optional().describe('Entries before this instant'),
});

/** Change requests and their principals, newest first. */
export const auditRoutes: FastifyPluginAsyncZod<{ readonly audit: AuditStore }> = async (app, { audit }) => {
  app.get(
    '/v1/audit',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Read the audit trail',
        description: 'A page with filters may be empty although `next` leads to more.',
        tags: ['audit'],
        querystring: querySchema,
        response: { 200: pageOf(auditEntrySchema) },
      },
    },
    async ({ query: { since, until, after, ...query } }) => {
      const range = {
        ...(since !== undefined && { since: utcInstant(since) }),
        ...(until !== undefined && { until: utcInstant(until) }),
      };
      const start = after === undefined ? {} : { after: entryAfter(after, range) };
      const { items, next } = await audit.page({ ...query, ...range, ...start });
      return { items, ...(next !== undefined && { next: tokenOfKey(next) }) };
    },
  );
};

/** Throws `PAGE_TOKEN_INVALID`, also for an entry that lies outside the range. */
function entryAfter(token: string, { since = '', until }: { since?: string; until?: string }): string {
  const entry = keyOfToken(token, ENTRY);
  if (entry < since || (until !== undefined && entry > until)) throw badPageToken(token);
  return entry;
}
