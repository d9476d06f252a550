import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import type { Environment } from '#configs/environment.ts';
import { dateSchema } from '#configs/names.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { definitionDigest } from '#features/definition.ts';
import { checkRows } from '#features/interactive/check-rows.ts';
import { checkResultSchema, partitionRefSchema } from '#features/partitions/manifest.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { callerGone } from '../shared/caller-gone.ts';
import { setParams } from './schemas.ts';

export interface CheckRoutes {
  /** The configs applied now. */
  readonly configs: () => Promise<FeatureConfigs>;
  readonly partitions: Pick<PartitionStore, 'newest'>;
  readonly environment: Environment;
  readonly objects: ObjectStore;
}

const answerSchema = partitionRefSchema.extend({
  rows: z.int(),
  success: z.boolean().meta({ description: 'Whether no check of severity error failed.' }),
  checks: z.array(
    checkResultSchema.extend({
      duckdb_query: z.string().exactOptional().meta({
        description: 'Selects the unexpected rows of a failed check, for whoever may read the lake.',
      }),
    }),
  ),
});

/** Runs the checks of the applied config on a committed partition, such as after the checks have changed. */
export const checkRoutes: FastifyPluginAsyncZod<CheckRoutes> = async (app, deps) => {
  app.get(
    '/v1/feature-sets/:set/partitions/:dt/checks',
    {
      config: { role: 'scientist', team: 'featureSet' },
      schema: {
        summary: 'Run the applied checks on the newest revision of a partition; changes nothing',
        tags: ['features'],
        params: setParams.extend({ dt: dateSchema }),
        querystring: z.strictObject({}),
        response: { 200: answerSchema },
      },
    },
    async ({ params: { set: name, dt } }, reply) => {
      const applied = await deps.configs();
      const set = featureSetNamed(applied, name);
      const manifest = await deps.partitions.newest(name, definitionDigest(set, applied), dt);
      if (manifest === undefined)
        throw new MillraceError('PARTITION_NOT_FOUND', `"${name}" has no partition at ${dt}.`, {
          details: { feature_set: name, dt },
        });
      const checks = await checkRows(deps, { set, partition: manifest }, callerGone(reply));
      const { feature_set, definition_digest, revision, rows } = manifest;
      const success = checks.every((check) => check.success || check.severity === 'warn');
      return {
        feature_set,
        definition_digest,
        dt,
        revision,
        rows,
        success,
        checks: checks.map((check) => ({
          ...check,
          kwargs: { ...check.kwargs },
          result: { ...check.result },
        })),
      };
    },
  );
};
