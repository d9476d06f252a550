import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { visibleTexts } from '#configs/visible-text.ts';
import type { Registry } from '#registry/registry.ts';
import type { ChangeTags, TaggedVersion } from '#registry/labels/tags.ts';
import type { Tags } from '#registry/labels/tag-limits.ts';
import { pairOf, versionParams } from '../../shared/params.ts';
import {
  etag,
  preconditionHeaders,
  preconditionOf,
  requirePrecondition,
} from '../../shared/preconditions.ts';

const tagsSchema = z.record(z.string(), z.string()).describe('At most 50; values of at most 1,024 bytes');
const taggedSchema = z.object({ tags: tagsSchema, digest: z.string() });
const answerSchema = z.object({ tags: tagsSchema });
const url = '/v1/pairs/:model/:set/versions/:version/tags';
const config = { role: ['scientist', 'approver', 'operator'], team: 'pair', audit: 'commit' } as const;
const common = { tags: ['registry'], params: versionParams, response: { 200: answerSchema } };

/**
 * Tags of a version. Replacing all of them needs a precondition, because it would drop what others added. Changing
 * single keys does not: changes of different keys do not conflict.
 */
export const tagRoutes: FastifyPluginAsyncZod<{
  readonly registry: Pick<Registry, 'tags' | 'changeTags'>;
}> = async (app, { registry }) => {
  /** A repeat must not undo what others have changed since, so it gets the first result. */
  async function answerChange(request: FastifyRequest, reply: FastifyReply, asked: ChangeTags) {
    return answerTags(reply, await request.once(taggedSchema, () => registry.changeTags(asked)));
  }

  app.get(
    url,
    {
      config: { role: 'viewer', team: 'pair' },
      schema: { ...common, summary: 'Read the tags of a version' },
    },
    async ({ params }, reply) => answerTags(reply, await registry.tags(pairOf(params), params.version)),
  );

  app.patch(
    url,
    {
      config,
      schema: {
        ...common,
        summary: 'Set single tags of a version, or remove those that are null',
        headers: preconditionHeaders,
        body: z.strictObject({ tags: visibleTexts(z.record(z.string(), z.string().nullable())) }),
      },
    },
    async (request, reply) => {
      const { params, body, headers, principal } = request;
      const change = (tags: Tags): Tags => withoutNulls({ ...tags, ...body.tags });
      const expected = preconditionOf(headers);
      const asked = { pair: pairOf(params), version: params.version, change, expected };
      return answerChange(request, reply, { ...asked, principal: principal.name });
    },
  );

  app.put(
    url,
    {
      config,
      schema: {
        ...common,
        summary: 'Replace all tags of a version',
        headers: preconditionHeaders,
        body: z.strictObject({ tags: visibleTexts(tagsSchema) }),
      },
    },
    async (request, reply) => {
      const { params, body, headers, principal } = request;
      const expected = requirePrecondition(headers);
      const asked = { pair: pairOf(params), version: params.version, change: () => body.tags, expected };
      return answerChange(request, reply, { ...asked, principal: principal.name });
    },
  );

  app.delete(
    url,
    {
      config,
      schema: { ...common, summary: 'Remove all tags of a version', headers: preconditionHeaders },
    },
    async (request, reply) => {
      const { params, headers, principal } = request;
      const expected = requirePrecondition(headers);
      const asked = { pair: pairOf(params), version: params.version, change: () => ({}), expected };
      return answerChange(request, reply, { ...asked, principal: principal.name });
    },
  );
};

function answerTags(reply: FastifyReply, { tags, digest }: TaggedVersion) {
  reply.header('etag', etag(digest));
  return { tags: { ...tags } };
}

function withoutNulls(tags: Readonly<Record<string, string | null>>): Tags {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}
