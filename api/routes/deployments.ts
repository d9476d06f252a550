import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { deploySchema } from '#configs/deploy.ts';
import { STAGES } from '#registry/stage.ts';
import { startDeploy, startRollback } from '../starts/deploy.ts';
import type { StartDeps } from '../starts/start-deps.ts';
import { callReconciler } from '#workflows/contract/calls.ts';
import { answerRun, pairOf, pairParams, runResponses, versionParams } from './run-answer.ts';

/** Each left out means: as the model's config says. The cut-off is always the one the version was approved at. */
const deployBody = z.strictObject({
  go_live: deploySchema.shape.go_live.unwrap().optional(),
  scheduler: deploySchema.shape.scheduler.optional(),
  schedule: deploySchema.shape.schedule.optional(),
  timezone: deploySchema.shape.timezone.optional(),
});
const rollbackBody = z.strictObject({ to_version: z.number().int().min(1).optional() });
const archiveBody = z.strictObject({ reason: z.string().min(1).max(2_000) });
const archived = z.object({
  model: z.string(),
  feature_set: z.string(),
  version: z.number().int(),
  stage: z.enum(STAGES),
  since: z.string(),
});

/** What decides which version is live. */
export const deploymentRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  const config = { role: 'operator' } as const;
  const tags = ['deployments'];
  app.post(
    '/v1/pairs/:model/:set/versions/:version/deploy',
    {
      config,
      schema: {
        summary: 'Deploy an approved version',
        tags,
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
  app.post(
    '/v1/pairs/:model/:set/rollback',
    {
      config,
      schema: {
        summary: 'Make an earlier version live again, at once',
        tags,
        params: pairParams,
        body: rollbackBody,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const { params, body, principal } = request;
      const asked = { pair: pairOf(params), ...body, principal: principal.name };
      return answerRun(request, reply, await startRollback(starts, asked));
    },
  );
  app.post(
    '/v1/pairs/:model/:set/versions/:version/archive',
    {
      config,
      schema: {
        summary: 'Archive a version; a live one leaves live without another in its place',
        tags,
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
        now: starts.now().toISOString(),
        commandId: request.commandId,
      });
      await callReconciler(starts.temporal, pair);
      return stage;
    },
  );
};
