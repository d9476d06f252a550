import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Registry } from '#registry/registry.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { wholeNumber } from '../shared/whole-number.ts';
import { dossierCheckSchema, entrySchema } from './schemas.ts';

export const dossierRoutes: FastifyPluginAsyncZod<{ readonly registry: Registry }> = async (
  app,
  { registry },
) => {
  app.get(
    '/v1/pairs/:model/:set/dossier',
    {
      config: { role: 'viewer', team: 'pair' },
      schema: {
        summary: 'Read the dossier: the origin and history of each version, oldest first',
        tags: ['registry'],
        params: pairParams,
        querystring: pageQuery,
        response: { 200: pageOf(entrySchema) },
      },
    },
    async ({ params, query }) => {
      const pair = pairOf(params);
      await registry.state(pair);
      return registry.dossier(pair, pageAsked(query));
    },
  );

  app.get(
    '/v1/pairs/:model/:set/dossier/verify',
    {
      config: { role: 'viewer', team: 'pair' },
      schema: {
        summary:
          'Check the chain of digests, its end, and the copy in the object store; a long dossier page by page',
        tags: ['registry'],
        params: pairParams,
        querystring: pageQuery.extend({
          limit: wholeNumber(z.number().int().min(1).max(10_000)).default(10_000).meta({
            description: 'Maximum number of entries per page.',
          }),
        }),
        response: { 200: dossierCheckSchema },
      },
    },
    async ({ params, query }) => registry.verifyDossier(pairOf(params), pageAsked(query)),
  );
};
