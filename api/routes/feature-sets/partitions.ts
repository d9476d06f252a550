import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { PartitionSummary } from '#features/partitions/partition-summary.ts';
import type { MaterialiseRequest } from '../../starts/materialise.ts';
import type { Started, WorkflowStarter } from '../../workflows/starter.ts';
import { dateRange, inOrder, OUT_OF_ORDER } from '../shared/date-range.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';
import { REPEATED_START, runsOnce, statusOf } from '../shared/run.ts';
import { definitionAsked } from './definition.ts';
import { buildAnswer, buildBody, definitionQuery, partitionEntrySchema, setParams } from './schemas.ts';

export interface PartitionsRoutes {
  /** The configs applied now. */
  readonly configs: () => Promise<FeatureConfigs>;
  readonly partitions: Pick<PartitionStore, 'page'>;
  readonly starter: Pick<WorkflowStarter, 'startedBefore'>;
  readonly start: (request: MaterialiseRequest) => Promise<Started<PartitionSummary>[]>;
}

/** Lists partitions, and builds them: one date, or every partition date of a range. */
export const partitionsRoutes: FastifyPluginAsyncZod<PartitionsRoutes> = async (
  app,
  { configs, partitions, starter, start },
) => {
  app.get(
    '/v1/feature-sets/:set/partitions',
    {
      config: { role: 'viewer', team: 'featureSet' },
      schema: {
        summary: 'List committed partitions of a feature set, oldest date first',
        tags: ['features'],
        params: setParams,
        querystring: z
          .strictObject({ ...pageQuery.shape, ...dateRange, ...definitionQuery })
          .refine(inOrder, OUT_OF_ORDER),
        response: {
          200: pageOf(partitionEntrySchema).extend({ definition_digest: z.string() }),
        },
      },
    },
    async ({ params, query }) => {
      const definition_digest = await definitionAsked(configs, params.set, query.definition);
      const page = await partitions.page(params.set, definition_digest, query, pageAsked(query));
      return { definition_digest, ...page };
    },
  );

  app.post(
    '/v1/feature-sets/:set/partitions',
    {
      config: { role: 'scientist', team: 'featureSet' },
      schema: {
        summary: 'Build partitions; one run for {dt}, a list of runs for {from, to}',
        description: REPEATED_START,
        tags: ['features'],
        params: setParams,
        body: buildBody,
        response: { 200: buildAnswer, 202: buildAnswer },
      },
    },
    async (request, reply) => {
      const { body, params, principal } = request;
      const range = 'dt' in body ? { from: body.dt, to: body.dt } : { from: body.from, to: body.to };
      const asked = { set: params.set, ...range, refresh: body.refresh, principal: principal.name };
      const runs = await runsOnce(request, starter, () => start(asked));
      const [only] = runs;
      if ('dt' in body && only) {
        request.workflowId = only.workflow_id;
        reply.code(statusOf(only));
        return only;
      }
      reply.code(runs.some((run) => run.status === 'running') ? 202 : 200);
      return { runs: [...runs] };
    },
  );
};
