import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AppliedConfigs, ConfigStore } from '#catalog/config-store.ts';
import { type DocumentKey, findDocument } from '#configs/config-set.ts';
import { CONFIG_KINDS } from '#configs/document-schemas.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { digest } from './schemas.ts';

/** The applied documents: all by key, or one in full. */
export const documentRoutes: FastifyPluginAsyncZod<{
  readonly configs: Pick<ConfigStore, 'current'>;
}> = async (app, { configs }) => {
  app.get(
    '/v1/configs',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'List the applied documents',
        tags: ['configs'],
        response: {
          200: z.object({
            base_digest: digest,
            revision: z.int(),
            documents: z.array(
              z.object({ kind: z.enum(CONFIG_KINDS), name: z.string(), digest, author: z.string() }),
            ),
          }),
        },
      },
    },
    async () => {
      const applied = await configs.current();
      const keys = [...applied.digests.keys()].toSorted();
      return {
        base_digest: applied.base_digest,
        revision: applied.revision,
        documents: keys.map((one) => ({ ...kindAndName(one), ...digestAndAuthor(applied, one) })),
      };
    },
  );

  app.get(
    '/v1/configs/:kind/:name',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Read one applied document',
        tags: ['configs'],
        params: z.object({ kind: z.enum(CONFIG_KINDS), name: z.string() }),
        response: {
          200: z.object({ document: z.record(z.string(), z.unknown()), digest, author: z.string() }),
        },
      },
    },
    async ({ params }) => {
      const applied = await configs.current();
      const one: DocumentKey = `${params.kind}/${params.name}`;
      const document = applied.digests.has(one) ? findDocument(applied.configs, params) : undefined;
      if (document === undefined) {
        throw new MillraceError('CONFIG_NOT_FOUND', `${one} is not applied.`, { where: one });
      }
      return { document: { ...document }, ...digestAndAuthor(applied, one) };
    },
  );
};

function kindAndName(one: DocumentKey) {
  const [kind, name = ''] = one.split('/');
  const known = CONFIG_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) throw new MillraceError('CONFIG_STATE_DAMAGED', `${one} has no known kind.`);
  return { kind: known, name };
}

function digestAndAuthor(applied: AppliedConfigs, one: DocumentKey) {
  return { digest: applied.digests.get(one) ?? '', author: applied.authors.get(one) ?? '' };
}
