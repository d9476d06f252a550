import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { visibleText } from '#configs/visible-text.ts';
import { callReconciler } from '#workflows/contract/signals.ts';
import type { StartDeps } from '../../starts/start-deps.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { rollbackSchema } from './schemas.ts';

const rollbackBody = z.strictObject({
  from_deployment: z
    .number()
    .int()
    .min(1)
    .describe('The live deployment to leave; the request is refused when another one is live.'),
  to_version: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Default: the version that was live most recently before and was not taken out by hand.'),
  reason: visibleText(z.string().trim().max(2_000)).optional().describe('Kept in the dossier.'),
});

export const rollbackRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/pairs/:model/:set/rollback',
    {
      config: { role: 'operator', team: 'pair', audit: 'commit' },
      schema: {
        summary: 'Leave the live deployment and make an earlier version live again, at once',
        tags: ['deployments'],
        params: pairParams,
        body: rollbackBody,
        response: { 200: rollbackSchema },
      },
    },
    async ({ params, body, principal, commandId }) => {
      const pair = pairOf(params);
      const rollback = await starts.registry.rollBack({
        pair,
        fromDeployment: body.from_deployment,
        toVersion: body.to_version,
        reason: body.reason,
        principal: principal.name,
        commandId,
      });
      await callReconciler(starts.temporal, pair);
      return rollback;
    },
  );
};
