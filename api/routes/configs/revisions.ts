import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ConfigStore } from '#catalog/config-store.ts';
import { wholeNumber } from '../shared/whole-number.ts';
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
        querystring: z.strictObject({
          limit: wholeNumber(z.number().int().min(1).max(200)).default(50),
          before: wholeNumber(z.number().int().min(1)).optional().describe('Revisions below this one.'),
        }),
        response: { 200: z.object({ revisions: z.array(revisionBody) }) },
      },
    },
    async ({ query: { limit, before } }) => ({
      revisions: [...(await configs.revisions({ limit, ...(before !== undefined && { before }) }))],
    }),
  );
};
