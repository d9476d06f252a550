import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { deploySchema } from '#configs/deploy.ts';
import { visibleText } from '#configs/visible-text.ts';
import { startDeploy } from '../../../starts/deploy.ts';
import type { StartDeps } from '../../../starts/start-deps.ts';
import { pairOf, versionParams } from '../../shared/params.ts';
import { answerRun, REPEATED_START, runResponses } from '../../shared/run.ts';

/**
 * Terms that are left out are those of the model's config. The cut-off is always the one the version was approved at.
 */
const deployBody = z.strictObject({
  go_live: deploySchema.shape.go_live.unwrap().optional(),
  scheduler: deploySchema.shape.scheduler.optional(),
  schedule: visibleText(deploySchema.shape.schedule).optional(),
  timezone: visibleText(deploySchema.shape.timezone).optional(),
  replaces: z.number().int().min(1).optional().describe('Scheduled deployment to cancel in the same step.'),
  beside: z
    .boolean()
    .default(false)
    .describe('Keep deployments that are scheduled already; each goes live at its own time.'),
});

export const deployRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/pairs/:model/:set/versions/:version/deploy',
    {
      config: { role: 'operator', team: 'pair' },
      schema: {
        summary:
          'Deploy an approved version; refused while another deployment is scheduled, unless the request says which counts',
        description: REPEATED_START,
        tags: ['deployments'],
        params: versionParams,
        body: deployBody,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const { params, principal, commandId } = request;
      const { replaces, beside, ...terms } = request.body;
      const start = () =>
        startDeploy(starts, {
          pair: pairOf(params),
          version: params.version,
          terms,
          byHand: { replaces, beside },
          principal: principal.name,
          commandId,
        });
      return answerRun(request, reply, starts.starter, start);
    },
  );
};
