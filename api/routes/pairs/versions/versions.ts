import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { currentCard } from '#registry/cards/current-card.ts';
import { evidenceOf } from '#registry/judgement.ts';
import type { Registry } from '#registry/registry.ts';
import type { VersionStage } from '#registry/stage.ts';
import type { Version } from '#registry/version.ts';
import { pageAsked, pageOf, pageQuery } from '../../shared/pages.ts';
import { pairOf, pairParams, versionParams } from '../../shared/params.ts';
import { versionSchema } from './schemas.ts';

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
        querystring: pageQuery,
        response: { 200: pageOf(versionSchema) },
      },
    },
    async ({ params, query }) => {
      const pair = pairOf(params);
      await registry.state(pair);
      const { items, next } = await registry.versions(pair, pageAsked(query));
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

function showVersion(
  objects: VersionRoutes['objects'],
  version: Version,
  { stage, since, judgements, card, withdrawal }: VersionStage,
) {
  const artifacts = version.artifacts.map((artifact) => ({ ...artifact, uri: objects.uri(artifact.key) }));
  const current = currentCard(version, { card });
  return {
    ...version,
    artifacts,
    stage,
    since,
    judgements,
    withdrawal,
    evidence: evidenceOf(version, { card }),
    card_key: current.key,
    card_sha256: current.sha256,
    card_missing: current.missing,
    card_revision: current.revision,
  };
}
