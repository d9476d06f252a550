import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ownerSchema } from '#configs/names.ts';
import { ROLES } from '#access/principal.ts';
import { mintKeyId } from '#access/key.ts';
import type { KeysStore } from '#access/keys-store.ts';
import { pageAsked, pageOf, pageQuery } from './shared/pages.ts';
import { pageOfAll } from './shared/page-of-all.ts';

const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    roles: z.array(z.enum(ROLES)),
    teams: z.array(z.string()),
    created_at: z.string(),
    created_by: z.string(),
    revoked_at: z.string().optional(),
    revoked_by: z.string().optional(),
  })
  .meta({ id: 'ApiKey' });

/** Sorts keys by age. */
const KEY = /^[\d:.TZ-]+\/[\w-]+$/;

const newKeySchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._@+-]{0,126}$/,
      'a principal: lower-case letters, digits and . _ @ + -, at most 127',
    )
    .describe('Principal, recorded as author, approver and in the audit trail'),
  roles: z.array(z.enum(ROLES)).min(1),
  teams: z
    .array(ownerSchema)
    .max(100)
    .default([])
    .describe('Teams whose documents the key may act on, as their `owner` names them; an admin acts on all'),
});

const createdSchema = keySchema.extend({ key: z.string().describe('The key itself, shown only once') });

/** API keys: only admins see, make and revoke them. */
export const keyRoutes: FastifyPluginAsyncZod<{ readonly keys: KeysStore }> = async (app, { keys }) => {
  const config = { role: 'admin', team: 'none' } as const;
  const tags = ['keys'];
  app.get(
    '/v1/keys',
    {
      config,
      schema: {
        summary: 'List keys, oldest first',
        tags,
        querystring: pageQuery,
        response: { 200: pageOf(keySchema) },
      },
    },
    // Every API process holds all keys in memory to authenticate, so they are few.
    async ({ query }) =>
      pageOfAll(await keys.list(), pageAsked(query), ({ created_at, id }) => `${created_at}/${id}`, KEY),
  );
  app.post(
    '/v1/keys',
    {
      config,
      schema: {
        summary: 'Create a key',
        description:
          'With an Idempotency-Key a repeat creates no second key. It is refused (`KEY_SHOWN_ONCE`), because the text of the key is not stored.',
        tags,
        body: newKeySchema,
        response: { 201: createdSchema },
      },
    },
    async (request, reply) => {
      const { body, principal } = request;
      const { id } = await request.once(z.object({ id: z.string() }), async () => ({ id: mintKeyId() }));
      const { key, text } = await keys.create({ ...body, id, createdBy: principal.name });
      request.granted = { key_id: key.id, name: key.name, roles: [...key.roles], teams: [...key.teams] };
      return reply.code(201).send({ ...key, key: text });
    },
  );
  app.delete(
    '/v1/keys/:id',
    {
      config,
      schema: {
        summary: 'Revoke a key; rejected for the last admin key',
        tags,
        params: z.object({ id: z.string().max(64) }),
        response: { 200: keySchema },
      },
    },
    ({ params, principal }) => keys.revoke(params.id, principal.name),
  );
};
