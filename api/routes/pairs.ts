import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { cardRoutes } from './cards.ts';
import { rollbackTarget } from '#registry/history.ts';
import {
  deploymentSchema,
  dossierCheckSchema,
  entrySchema,
  intervalSchema,
  listedPairSchema,
  pageOf,
  pageQuery,
  pairParams,
  pairSchema,
  stageSchema,
  versionParams,
  versionSchema,
} from './registry-schemas.ts';
import { judgeRoutes, type JudgeRoutes } from './judgements.ts';
import type { Pair } from '#configs/pair.ts';
import { STAGES, type VersionStage } from '#registry/stage.ts';
import type { Version } from '#registry/version.ts';

export type RegistryRoutes = JudgeRoutes;

const tags = ['registry'];
const viewer = { role: 'viewer' } as const;

/** Reads of the registry, and the two commands that need no workflow: approve and reject. */
export const registryRoutes: FastifyPluginAsyncZod<RegistryRoutes> = async (app, deps) => {
  const { registry, objects } = deps;
  await app.register(cardRoutes, { registry, objects });
  await app.register(judgeRoutes, deps);

  app.get(
    '/v1/models',
    {
      config: viewer,
      schema: {
        summary: 'List pairs of model and feature set, with the version that is live',
        tags,
        querystring: pageQuery,
        response: { 200: pageOf(listedPairSchema) },
      },
    },
    async ({ query }) => {
      const { items, next } = await registry.pairs(page(query));
      const states = await Promise.all(items.map((pair) => registry.state(pair)));
      return { items: states, ...(next === undefined ? {} : { next }) };
    },
  );

  app.get(
    '/v1/pairs/:model/:set',
    {
      config: viewer,
      schema: {
        summary: 'Show what is live, what is scheduled, and the version to go back to',
        tags,
        params: pairParams,
        response: { 200: pairSchema },
      },
    },
    async ({ params }) => {
      const pair = pairOf(params);
      const [state, history] = await Promise.all([registry.state(pair), registry.history(pair)]);
      return { ...state, rollback_target: rollbackTarget(history) ?? null };
    },
  );

  app.get(
    '/v1/pairs/:model/:set/versions',
    {
      config: viewer,
      schema: {
        summary: 'List versions with their stages, newest first',
        tags,
        params: pairParams,
        querystring: pageQuery,
        response: { 200: pageOf(versionSchema) },
      },
    },
    async ({ params, query }) => {
      const pair = pairOf(params);
      await registry.state(pair);
      const { items, next } = await registry.versions(pair, page(query));
      const stages = await registry.stagesOf(pair, items);
      const shown = items.flatMap((version) => {
        const stage = stages.get(version.version);
        return stage === undefined ? [] : [showVersion(objects, version, stage)];
      });
      return { items: shown, ...(next === undefined ? {} : { next }) };
    },
  );

  app.get(
    '/v1/pairs/:model/:set/versions/:version',
    {
      config: viewer,
      schema: {
        summary: 'Show a version: artifacts with digests, figures, gates, stage, approval',
        tags,
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

  app.get(
    '/v1/pairs/:model/:set/dossier',
    {
      config: viewer,
      schema: {
        summary: 'Read the dossier: what led to each version and happened to it, oldest first',
        tags,
        params: pairParams,
        querystring: pageQuery,
        response: { 200: pageOf(entrySchema) },
      },
    },
    async ({ params, query }) => {
      const pair = pairOf(params);
      await registry.state(pair);
      return registry.dossier(pair, page(query));
    },
  );

  app.get(
    '/v1/pairs/:model/:set/dossier/verify',
    {
      config: viewer,
      schema: {
        summary: 'Check the chain of digests, its end, and the copy in the object store',
        tags,
        params: pairParams,
        response: { 200: dossierCheckSchema },
      },
    },
    async ({ params }) => registry.verifyDossier(pairOf(params)),
  );

  app.get(
    '/v1/pairs/:model/:set/history',
    {
      config: viewer,
      schema: {
        summary: 'When which version was live, oldest first; with `at`, the one that was live then',
        tags,
        params: pairParams,
        querystring: z.object({ at: z.string().optional().meta({ description: 'ISO-8601 instant.' }) }),
        response: { 200: z.object({ intervals: z.array(intervalSchema).readonly() }) },
      },
    },
    async ({ params, query }) => {
      const pair = pairOf(params);
      await registry.state(pair);
      if (query.at === undefined) return { intervals: await registry.history(pair) };
      const interval = await registry.liveAt(pair, query.at);
      if (interval === undefined) {
        throw new MillraceError('NO_LIVE_VERSION', `no version was live at ${query.at}`, {
          where: `${pair.model}/${pair.feature_set}`,
        });
      }
      return { intervals: [interval] };
    },
  );

  app.get(
    '/v1/pairs/:model/:set/deployments',
    {
      config: viewer,
      schema: {
        summary: 'List deployments by number',
        tags,
        params: pairParams,
        response: { 200: z.object({ deployments: z.array(deploymentSchema).readonly() }) },
      },
    },
    async ({ params }) => {
      const pair = pairOf(params);
      await registry.state(pair);
      return { deployments: await registry.deployments(pair) };
    },
  );

  app.get(
    '/v1/search',
    {
      config: viewer,
      schema: {
        summary: 'Find versions by stage, model and feature set',
        tags,
        querystring: pageQuery
          .extend({
            stage: z.enum(STAGES).optional(),
            model: nameSchema.optional(),
            feature_set: nameSchema.optional(),
          })
          .refine(({ model, feature_set }) => feature_set === undefined || model !== undefined, {
            message: 'feature_set narrows a model: give model too',
            path: ['model'],
          }),
        response: { 200: pageOf(stageSchema) },
      },
    },
    async ({ query }) => {
      const { stage, model, feature_set } = query;
      return registry.search(
        {
          ...(stage === undefined ? {} : { stage }),
          ...(model === undefined ? {} : { model }),
          ...(feature_set === undefined ? {} : { feature_set }),
        },
        page(query),
      );
    },
  );
};

function pairOf({ model, set }: { readonly model: string; readonly set: string }): Pair {
  return { model, feature_set: set };
}

function page({ limit, after }: { readonly limit: number; readonly after?: string | undefined }) {
  return { limit, ...(after === undefined ? {} : { after }) };
}

function showVersion(objects: ObjectStore, version: Version, { stage, since, judgement }: VersionStage) {
  const artifacts = version.artifacts.map((artifact) => ({ ...artifact, uri: objects.uri(artifact.key) }));
  return { ...version, artifacts, stage, since, judgement };
}
