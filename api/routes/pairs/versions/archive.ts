import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { STAGES } from '#registry/versions/stage.ts';
import { callReconciler } from '#workflows/contract/signals.ts';
import type { StartDeps } from '../../../starts/start-deps.ts';
import { pairOf, versionParams } from '../../shared/params.ts';
import { reasonSchema } from '../../shared/reason.ts';

const archiveBody = z.strictObject({ reason: reasonSchema });
const archived = z.object({
  model: z.string(),
  feature_set: z.string(),
  version: z.number().int(),
  stage: z.enum(STAGES),
  since: z.string(),
});

export const archiveRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/pairs/:model/:set/versions/:version/archive',
    {
      config: { role: 'operator', team: 'pair', audit: 'commit' },
      schema: {
        summary: 'Archive a version; a live one is taken out without a replacement',
        tags: ['deployments'],
        params: versionParams,
        body: archiveBody,
        response: { 200: archived },
      },
    },
    async (request) => {
      const { params, body, principal } = request;
      const pair = pairOf(params);
      const stage = await starts.registry.archiveVersion({
        pair,
        version: params.version,
        principal: principal.name,
        reason: body.reason,
        commandId: request.commandId,
      });
      await callReconciler(starts.temporal, pair);
      return stage;
    },
  );
};
