import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { cardCycloneDx } from '#registry/cards/card-cyclonedx.ts';
import { cardHtml } from '#registry/cards/card-html.ts';
import { cardMarkdown } from '#registry/cards/card-markdown.ts';
import { cardPage } from '#registry/cards/card-page.ts';
import { cardJsonSchema } from '#registry/cards/card-json-schema.ts';
import type { ShownCard } from '#registry/cards/card.ts';
import { versionParams } from './registry-schemas.ts';
import type { Registry } from '#registry/registry.ts';
import { readShownCard } from '#registry/cards/show-card.ts';

const FORMATS = {
  json: { type: 'application/json; charset=utf-8', render: (card: ShownCard) => JSON.stringify(card) },
  markdown: {
    type: 'text/markdown; charset=utf-8',
    render: (card: ShownCard) => cardMarkdown(cardPage(card)),
  },
  html: { type: 'text/html; charset=utf-8', render: (card: ShownCard) => cardHtml(cardPage(card)) },
  cyclonedx: {
    type: 'application/vnd.cyclonedx+json; version=1.6',
    render: (card: ShownCard) => JSON.stringify(cardCycloneDx(card)),
  },
} as const;

/** Model cards in four formats, and the schema of the first. */
export const cardRoutes: FastifyPluginAsyncZod<{
  readonly registry: Registry;
  readonly objects: ObjectStore;
}> = async (app, { registry, objects }) => {
  app.get(
    '/v1/pairs/:model/:set/versions/:version/card',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Read the model card: JSON, Markdown, a web page, or CycloneDX 1.6',
        tags: ['registry'],
        params: versionParams,
        querystring: z.object({ format: z.enum(['json', 'markdown', 'html', 'cyclonedx']).default('json') }),
      },
    },
    async ({ params, query }, reply) => {
      const pair = { model: params.model, feature_set: params.set };
      const card = await readShownCard(registry, objects, pair, params.version);
      const { type, render } = FORMATS[query.format];
      return reply.type(type).send(Buffer.from(render(card)));
    },
  );

  app.get(
    '/v1/schemas/model-card',
    {
      config: { role: 'viewer' },
      schema: { summary: 'JSON Schema of the model card', tags: ['registry'] },
    },
    async (_request, reply) =>
      reply
        .type('application/schema+json; charset=utf-8')
        .send(Buffer.from(JSON.stringify(cardJsonSchema()))),
  );
};
