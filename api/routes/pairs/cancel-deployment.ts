import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { cancelDeployment } from '../../services/cancel-deployment.ts';
import type { StartDeps } from '../../starts/start-deps.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { reasonSchema } from '../shared/reason.ts';
import { wholeNumber } from '../shared/whole-number.ts';
import { deploymentSchema } from './schemas.ts';

const cancelBody = z.strictObject({ reason: reasonSchema });
const deploymentParams = pairParams.extend({ deployment: wholeNumber(z.number().int().min(1)) });

export const cancelDeploymentRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/pairs/:model/:set/deployments/:deployment/cancel',
    {
      config: { role: 'operator', team: 'pair', audit: 'commit' },
      schema: {
        summary: 'Cancel a scheduled deployment, whether or not its workflow runs',
        tags: ['deployments'],
        params: deploymentParams,
        body: cancelBody,
        response: { 200: deploymentSchema },
      },
    },
    ({ params, body, principal, commandId }) =>
      cancelDeployment(starts, {
        pair: pairOf(params),
        deployment: params.deployment,
        principal: principal.name,
        reason: body.reason,
        commandId,
      }),
  );
};
