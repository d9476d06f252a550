import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { Registry } from '#registry/registry.ts';
import { pageAsked, pageOf, pageQuery } from '../../shared/pages.ts';
import { pairOf, pairParams, versionParams } from '../../shared/params.ts';
import { scheduledSchema } from '../schemas.ts';
import { versionSchema } from './schemas.ts';
import { showVersion } from './show-version.ts';

interface VersionRoutes {
  readonly registry: Registry;
  readonly objects: Pick<ObjectStore, 'uri'>;
}

export const versionRoutes: FastifyPluginAsyncZod<VersionRoutes> = async (app, { registry, objects }) => {
  app.get(
    '/v1/pairs/:model/:set/versions',
    {
      config: { role: 'viewer', team: 'pair' },
      schema: {
        summary: 'List versions with their stages, newest first',
        tags: ['registry'],
        params: pairParams,
        querystring: pageQuery.extend({
          deleted: z
            .enum(['true', 'false'])
            .default('false')
            .describe('Whether deleted versions are listed too'),
        }),
        response: { 200: pageOf(versionSchema.extend({ scheduled: scheduledSchema })) },
      },
    },
    async ({ params, query }) => {
      const pair = pairOf(params);
      const { scheduled } = await registry.state(pair);
      const { items, next } = await registry.versions(pair, pageAsked(query));
      const stages = await registry.stagesOf(pair, items);
      const shown = items.flatMap((version) => {
        const stage = stages.get(version.version);
        const hidden = stage?.stage === 'deleted' && query.deleted === 'false';
        if (stage === undefined || hidden) return [];
        const due = scheduled.filter((one) => one.version === version.version);
        return [{ ...showVersion(objects, version, stage), scheduled: due }];
      });
      return { items: shown, ...(next === undefined ? {} : { next }) };
    },
  );

  app.get(
    '/v1/pairs/:model/:set/versions/:version',
    {
      config: { role: 'viewer', team: 'pair' },
      schema: {
        summary: 'Show a version: artifacts with digests, figures, gates, stage, approval',
        tags: ['registry'],
        params: versionParams,
        response: { 200: versionSchema },
      },
    },
    async ({ params }) => {
      const pair = pairOf(params);
      const [version, stage] = await Promise.all([
        registry.version(pair, params.version),
        registry.stage(pair, params.version),
      ]);
      return showVersion(objects, version, stage);
    },
  );
};
