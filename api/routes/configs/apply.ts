import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ApplyDeps, applyFiles } from '../../services/apply-files.ts';
import { applyBody, files, planDigest, removal } from './schemas.ts';

export const applyRoutes: FastifyPluginAsyncZod<ApplyDeps> = async (app, deps) => {
  app.post(
    '/v1/configs/apply',
    {
      config: { role: 'scientist', team: 'documents' },
      schema: {
        summary:
          'Make the documents of a plan current, all or none, if nothing that they depend on has changed since',
        tags: ['configs'],
        body: z.strictObject({
          files,
          ...removal,
          plan_digest: planDigest,
          command_id: z
            .string()
            .regex(/^[A-Za-z0-9._:/-]{1,128}$/)
            .optional()
            .describe(
              'A command id makes the request idempotent: it is executed once. Without it, an identical request is treated as a repeat.',
            ),
        }),
        response: { 200: applyBody },
      },
    },
    ({ body, principal }) => applyFiles(deps, principal, body),
  );
};
