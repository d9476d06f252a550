import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import type { Principal } from '#access/principal.ts';
import type { Pair } from '#configs/pair.ts';
import type { Registry } from '#registry/registry.ts';
import type { MetricBound } from '#registry/search/search-filters.ts';
import { STAGES } from '#registry/versions/stage.ts';
import { stageSchema } from './pairs/versions/schemas.ts';
import { pageAsked, pageOf, pageQuery } from './shared/pages.ts';

/** A parameter that is given once or several times. */
const several = (item: z.ZodString) =>
  z
    .union([item, z.array(item).max(20)])
    .optional()
    .transform((given) => (given === undefined ? [] : [given].flat()));

const BOUND = /^([A-Za-z0-9_.-]{1,64})(>=|<=)(-?\d+(?:\.\d+)?(?:e-?\d+)?)$/;

const query = pageQuery
  .extend({
    stage: z.enum(STAGES).optional(),
    model: nameSchema.optional(),
    feature_set: nameSchema.optional(),
    alias: nameSchema.optional().describe('Versions that an alias of this name points to'),
    tag: several(z.string().regex(/^[^=]{1,64}=[^]{0,1024}$/, 'a tag: key=value')).refine(
      (tags) => new Set(tags.map((tag) => keyAndValue(tag)[0])).size === tags.length,
      'each key once',
    ),
    risk_tier: z.enum(['low', 'medium', 'high']).optional(),
    author: z.string().max(200).optional(),
    from: dateSchema.optional().describe('Registered on or after this date (UTC)'),
    to: dateSchema.optional().describe('Registered on or before this date (UTC)'),
    metric: several(z.string().regex(BOUND, 'a bound of a metric: auc>=0.75 or brier<=0.2')),
  })
  .refine(({ model, feature_set }) => feature_set === undefined || model !== undefined, {
    message: 'feature_set narrows a model: give model too',
    path: ['model'],
  });

export const searchRoutes: FastifyPluginAsyncZod<{
  readonly registry: Registry;
  /** The pairs that a principal may read. */
  readonly seenBy: (principal: Principal) => Promise<(pair: Pair) => boolean>;
}> = async (app, { registry, seenBy }) => {
  app.get(
    '/v1/search',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Find versions by stage, model, feature set, tags, alias, tier, author, date and metrics',
        description:
          '`tag` and `metric` can be given several times; all must hold. A page may hold fewer items than `limit`, or none, although `next` leads to more. Versions that the caller may not read are left out.',
        tags: ['registry'],
        querystring: query,
        response: { 200: pageOf(stageSchema) },
      },
    },
    async ({ query: asked, principal }) => {
      const { limit: _limit, after: _after, tag, metric, ...named } = asked;
      const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
      const tags = Object.fromEntries(tag.map(keyAndValue));
      const search = { ...given, tags, metrics: metric.map(boundOf) };
      const [found, sees] = await Promise.all([registry.search(search, pageAsked(asked)), seenBy(principal)]);
      return { ...found, items: found.items.filter(sees) };
    },
  );
};

function keyAndValue(tag: string): readonly [string, string] {
  const at = tag.indexOf('=');
  return [tag.slice(0, at), tag.slice(at + 1)];
}

function boundOf(text: string): MetricBound {
  const [, metric = '', sign, number] = BOUND.exec(text) ?? [];
  return { metric, ...(sign === '>=' ? { min: Number(number) } : { max: Number(number) }) };
}
