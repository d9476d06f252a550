import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { deploySchema } from '#configs/deploy.ts';
import { startDeploy } from '../../../starts/deploy.ts';
import type { StartDeps } from '../../../starts/start-deps.ts';
import { pairOf, versionParams } from '../../shared/params.ts';
import { answerRun, runResponses } from '../../shared/run.ts';

/** Each left out means: as the model's config says. The cut-off is always the one the version was approved at. */
const deployBody = z.strictObject({
  go_live: deploySchema.shape.go_live.unwrap().optional(),
  scheduler: deploySchema.shape.scheduler.optional(),
  schedule: deploySchema.shape.schedule.optional(),
  timezone: deploySchema.shape.timezone.optional(),
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
        summary: 'Deploy an approved version',
        tags: ['deployments'],
        params: versionParams,
        body: deployBody,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const { params, body: terms, principal } = request;
      const asked = { pair: pairOf(params), version: params.version, terms, principal: principal.name };
      return answerRun(request, reply, await startDeploy(starts, asked));
    },
  );
};
