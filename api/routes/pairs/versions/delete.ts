import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { signalChanged } from '#workflows/contract/signals.ts';
import type { StartDeps } from '../../../starts/start-deps.ts';
import { pairOf, versionParams } from '../../shared/params.ts';
import { reasonSchema } from '../../shared/reason.ts';
import { stageSchema } from './schemas.ts';

const deleteBody = z.strictObject({ reason: reasonSchema });

export const deleteRoutes: FastifyPluginAsyncZod<{
  readonly starts: Pick<StartDeps, 'registry' | 'temporal'>;
}> = async (app, { starts: { registry, temporal } }) => {
  app.delete(
    '/v1/pairs/:model/:set/versions/:version',
    {
      config: { role: ['scientist', 'operator'], team: 'pair', audit: 'commit' },
      schema: {
        summary: 'Delete a version that was never approved; its number stays taken',
        tags: ['registry'],
        params: versionParams,
        body: deleteBody,
        response: { 200: stageSchema },
      },
    },
    async (request) => {
      const { params, body, principal, commandId } = request;
      const asked = { pair: pairOf(params), version: params.version, reason: body.reason, commandId };
      const deleted = await registry.deleteVersion({ ...asked, principal: principal.name });
      // The deletion is committed, and a lifecycle that waits for approval also polls: a lost signal only costs time.
      await signalChanged(temporal, registry, deleted).catch((error: unknown) =>
        request.log.warn({ err: error }, 'waiting workflows were not signalled'),
      );
      return deleted;
    },
  );
};
