import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { visibleTexts } from '#configs/visible-text.ts';
import { cardTextChangesSchema, type CardTexts } from '#configs/card-texts.ts';
import type { ApprovalRules } from '#configs/platform.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { cardCycloneDx } from '#registry/cards/card-cyclonedx.ts';
import { CARD_POLICY, cardHtml } from '#registry/cards/card-html.ts';
import { cardMarkdown } from '#registry/cards/card-markdown.ts';
import { cardPage } from '#registry/cards/card-page.ts';
import type { ShownCard } from '#registry/cards/card.ts';
import type { Registry } from '#registry/registry.ts';
import { readShownCard } from '#registry/cards/show-card.ts';
import { pairOf, versionParams } from '../../shared/params.ts';
import { reasonSchema } from '../../shared/reason.ts';
import { stageSchema } from './schemas.ts';

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

/** A model card in four formats. */
export const cardRoutes: FastifyPluginAsyncZod<{
  readonly registry: Registry;
  readonly objects: ObjectStore;
  readonly rules: () => Promise<ApprovalRules>;
  /** The texts of the model's config as it is applied now. */
  readonly appliedTexts: (model: string) => Promise<CardTexts>;
}> = async (app, { registry, objects, rules, appliedTexts }) => {
  app.get(
    '/v1/pairs/:model/:set/versions/:version/card',
    {
      config: { role: 'viewer', team: 'pair' },
      schema: {
        summary: 'Read the model card: JSON, Markdown, a web page, or CycloneDX 1.6',
        tags: ['registry'],
        params: versionParams,
        querystring: z.strictObject({
          format: z.enum(['json', 'markdown', 'html', 'cyclonedx']).default('json'),
        }),
      },
    },
    async ({ params, query }, reply) => {
      const card = await readShownCard(
        { registry, objects, rules: await rules() },
        pairOf(params),
        params.version,
      );
      const { type, render } = FORMATS[query.format];
      if (query.format === 'html') reply.header('content-security-policy', CARD_POLICY);
      return reply.type(type).send(Buffer.from(render(card)));
    },
  );
  app.post(
    '/v1/pairs/:model/:set/versions/:version/card',
    {
      config: { role: 'scientist', team: 'pair', audit: 'commit' },
      schema: {
        summary: 'Revise texts of the card without training again',
        description:
          'Only before the version is scheduled. Approvals of the old card no longer count. Whoever revises the card may not approve the version.',
        tags: ['registry'],
        params: versionParams,
        body: z.strictObject({
          reason: reasonSchema,
          texts: visibleTexts(cardTextChangesSchema)
            .optional()
            .describe("Texts to change; default: all texts of the model's config as it is applied now"),
        }),
        response: { 200: stageSchema },
      },
    },
    async ({ params, body, principal, commandId }) =>
      registry.reviseCard({
        pair: pairOf(params),
        version: params.version,
        texts: body.texts ?? (await appliedTexts(params.model)),
        principal: principal.name,
        reason: body.reason,
        commandId,
      }),
  );
};
