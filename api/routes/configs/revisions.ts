import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ConfigStore } from '#catalog/config-store.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';
import { revisionBody } from './schemas.ts';

export const revisionRoutes: FastifyPluginAsyncZod<{
  readonly configs: Pick<ConfigStore, 'revisions'>;
}> = async (app, { configs }) => {
  app.get(
    '/v1/configs/revisions',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'List applied revisions with principal and time, newest first',
        tags: ['configs'],
        querystring: pageQuery,
        response: { 200: pageOf(revisionBody) },
      },
    },
    ({ query }) => configs.revisions(pageAsked(query)),
  );
};
