import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { Registry } from '#registry/registry.ts';
import { pairOf, versionParams } from '../../shared/params.ts';

/** Long enough to begin a download; one that has begun may take longer. */
const LASTS_SECONDS = 300;

const answerSchema = z.object({
  name: z.string(),
  url: z.string().describe('Presigned, so that it needs no credentials; valid until `expires_at`'),
  expires_at: z.iso.datetime(),
  size: z.int().describe('Bytes'),
  sha256: z.string().length(64),
});

export const artifactRoutes: FastifyPluginAsyncZod<{
  readonly registry: Pick<Registry, 'version' | 'stage'>;
  readonly objects: Pick<ObjectStore, 'downloadUrl'>;
  readonly now: () => Date;
}> = async (app, { registry, objects, now }) => {
  app.get(
    '/v1/pairs/:model/:set/versions/:version/artifacts/:artifact',
    {
      config: { role: 'viewer', team: 'pair' },
      schema: {
        summary: 'Give a presigned URL of an artifact with its SHA-256, or redirect to it',
        description:
          'With `redirect=true` the response is 302 and carries the digest of the artifact in `Repr-Digest`. Compare it with the bytes that arrive.',
        tags: ['registry'],
        params: versionParams.extend({ artifact: z.string().min(1).max(200) }),
        querystring: z.strictObject({ redirect: z.enum(['true', 'false']).default('false') }),
        response: { 200: answerSchema, 302: z.null() },
      },
    },
    async ({ params, query }, reply) => {
      const pair = pairOf(params);
      const [{ artifacts }] = await Promise.all([
        registry.version(pair, params.version),
        registry.stage(pair, params.version),
      ]);
      const artifact = artifacts.find(({ name }) => name === params.artifact);
      if (artifact === undefined) {
        throw new MillraceError('ARTIFACT_NOT_FOUND', `Version ${params.version} has no such artifact.`, {
          where: `${params.model}/${params.set}`,
          details: { artifacts: artifacts.map(({ name }) => name) },
        });
      }
      const { name, key, size, sha256 } = artifact;
      const expires_at = new Date(now().getTime() + LASTS_SECONDS * 1_000).toISOString();
      const url = await objects.downloadUrl(key, LASTS_SECONDS);
      reply.header('cache-control', 'no-store');
      if (query.redirect === 'false') return { name, url, expires_at, size, sha256 };
      const digest = Buffer.from(sha256, 'hex').toString('base64');
      return reply.code(302).header('location', url).header('repr-digest', `sha-256=:${digest}:`).send(null);
    },
  );
};
