import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { workflowId } from '#workflows/contract/ids.ts';
import { SIGNALS } from '#workflows/contract/messages.ts';
import { signalIfRunning, signalChanged } from '#workflows/contract/signals.ts';
import type { StartDeps } from '../../../starts/start-deps.ts';
import { pairOf, versionParams } from '../../shared/params.ts';
import { reasonSchema } from '../../shared/reason.ts';
import { stageSchema } from './schemas.ts';

const withdrawBody = z.strictObject({ reason: reasonSchema });
const withdrawn = stageSchema.extend({
  cancelled: z.array(z.int()).readonly().describe('Scheduled deployments that were cancelled with it'),
});

export const withdrawRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/pairs/:model/:set/versions/:version/withdraw',
    {
      config: { role: 'operator', team: 'pair', audit: 'commit' },
      schema: {
        summary:
          'Ban a version for good; a live one is taken out, and its scheduled deployments are cancelled',
        tags: ['deployments'],
        params: versionParams,
        body: withdrawBody,
        response: { 200: withdrawn },
      },
    },
    async ({ params, body, principal, commandId }) => {
      const pair = pairOf(params);
      const { registry, temporal } = starts;
      const { version } = params;
      const { reason } = body;
      const command = { pair, version, principal: principal.name, reason, commandId };
      const stage = await registry.withdrawVersion(command);
      for (const deployment of stage.cancelled)
        await signalIfRunning(temporal, workflowId.deploy(pair, deployment), SIGNALS.deploymentChanged);
      await signalChanged(temporal, registry, stage);
      return stage;
    },
  );
};
