import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { Alias } from '#registry/labels/alias.ts';
import type { Registry } from '#registry/registry.ts';
import { pageOfAll } from '../shared/page-of-all.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { etag, preconditionHeaders, requirePrecondition } from '../shared/preconditions.ts';
import { versionSchema } from './versions/schemas.ts';
import { showVersion } from './versions/show-version.ts';

const ALIAS = /^[a-z][a-z0-9_]*$/;
const aliasParams = pairParams.extend({ alias: nameSchema });
const aliasSchema = z.object({
  model: nameSchema,
  feature_set: nameSchema,
  name: nameSchema,
  version: z.int(),
  set_by: z.string(),
  set_at: z.iso.datetime(),
  etag: z.string().describe('To be named in If-Match when the alias is moved or removed'),
});
const config = { role: ['scientist', 'approver', 'operator'], team: 'pair', audit: 'commit' } as const;
const url = '/v1/pairs/:model/:set/aliases/:alias';

/**
 * Names that point to a version. What an alias points to decides what its readers load, so every move must name the state
 * that it was decided on, and enters the dossier.
 */
export const aliasRoutes: FastifyPluginAsyncZod<{
  readonly registry: Registry;
  readonly objects: Pick<ObjectStore, 'uri'>;
}> = async (app, { registry, objects }) => {
  app.get(
    '/v1/pairs/:model/:set/aliases',
    {
      config: { role: 'viewer', team: 'pair' },
      schema: {
        summary: 'List the aliases of a pair by name, at most 50',
        tags: ['registry'],
        params: pairParams,
        querystring: pageQuery,
        response: { 200: pageOf(aliasSchema) },
      },
    },
    async ({ params, query }) => {
      const pair = pairOf(params);
      const [aliases] = await Promise.all([registry.aliases(pair), registry.state(pair)]);
      // A pair has at most 50.
      return pageOfAll(aliases.map(showAlias), pageAsked(query), ({ name }) => name, ALIAS);
    },
  );

  app.get(
    url,
    {
      config: { role: 'viewer', team: 'pair' },
      schema: {
        summary: 'Show the version that an alias points to; `live` is the live version',
        tags: ['registry'],
        params: aliasParams,
        response: { 200: versionSchema },
      },
    },
    async ({ params }, reply) => {
      const pair = pairOf(params);
      const { stage, revision } = await registry.aliasedStage(pair, params.alias);
      reply.header('etag', etag(revision));
      return showVersion(objects, await registry.version(pair, stage.version), stage);
    },
  );

  app.put(
    url,
    {
      config,
      schema: {
        summary: 'Point an alias to a version, if it is still where the caller saw it',
        tags: ['registry'],
        params: aliasParams,
        headers: preconditionHeaders,
        body: z.strictObject({ version: z.number().int().min(1).max(99_999_999) }),
        response: { 200: aliasSchema },
      },
    },
    async ({ params, body, headers, principal, commandId }, reply) => {
      const expected = requirePrecondition(headers);
      const asked = { pair: pairOf(params), name: params.alias, version: body.version, expected };
      return answerAlias(reply, await registry.setAlias({ ...asked, principal: principal.name, commandId }));
    },
  );

  app.delete(
    url,
    {
      config,
      schema: {
        summary: 'Remove an alias, if it is still where the caller saw it',
        tags: ['registry'],
        params: aliasParams,
        headers: preconditionHeaders,
        response: { 200: aliasSchema },
      },
    },
    async ({ params, headers, principal, commandId }) => {
      const expected = requirePrecondition(headers);
      const asked = { pair: pairOf(params), name: params.alias, expected };
      return showAlias(await registry.removeAlias({ ...asked, principal: principal.name, commandId }));
    },
  );
};

function answerAlias(reply: FastifyReply, alias: Alias) {
  reply.header('etag', etag(String(alias.revision)));
  return showAlias(alias);
}

function showAlias({ revision, ...alias }: Alias) {
  return { ...alias, etag: etag(String(revision)) };
}
