import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AppliedConfigs, ConfigStore } from '#catalog/config-store.ts';
import { type DocumentKey, findDocument } from '#configs/config-set.ts';
import { CONFIG_KINDS } from '#configs/document-schemas.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { pageOfAll } from '../shared/page-of-all.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';
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
        summary: 'List the applied documents by kind and name',
        description:
          'A page shows the documents applied now; `base_digest` tells whether they changed since the last page.',
        tags: ['configs'],
        querystring: pageQuery,
        response: {
          200: pageOf(
            z.object({ kind: z.enum(CONFIG_KINDS), name: z.string(), digest, author: z.string() }),
          ).extend({ base_digest: digest, revision: z.int() }),
        },
      },
    },
    async ({ query }) => {
      const applied = await configs.current();
      const { base_digest, revision } = applied;
      // One stored object holds the state with every key and digest.
      const page = pageOfAll([...applied.digests.keys()], pageAsked(query), (key) => key, KEY);
      const items = page.items.map((one) => ({ ...kindAndName(one), ...digestAndAuthor(applied, one) }));
      return { ...page, items, base_digest, revision };
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

const KEY = /^[A-Za-z]+\/[\w-]+$/;

function kindAndName(one: DocumentKey) {
  const [kind, name = ''] = one.split('/');
  const known = CONFIG_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) throw new MillraceError('CONFIG_STATE_DAMAGED', `${one} has no known kind.`);
  return { kind: known, name };
}

function digestAndAuthor(applied: AppliedConfigs, one: DocumentKey) {
  return { digest: applied.digests.get(one) ?? '', author: applied.authors.get(one) ?? '' };
}
