import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Principal } from '#access/principal.ts';
import { requireTeams } from '#access/teams.ts';
import { afterChange } from '#catalog/config-change.ts';
import type { AppliedConfigs, ConfigStore } from '#catalog/config-store.ts';
import { featureSetNamed } from '#catalog/feature-configs.ts';
import { ownersConcerned } from '#catalog/owners-concerned.ts';
import type { ConfigSet } from '#configs/config-set.ts';
import type { ConfigFile } from '#configs/load.ts';
import { dateSchema } from '#configs/names.ts';
import { previewRows, type PreviewDeps } from '#features/interactive/preview-rows.ts';
import { checkFiles, type CheckDeps } from '#plan/check-files.ts';
import { files } from '../configs/schemas.ts';
import { callerGone } from '../shared/caller-gone.ts';
import { namedColumnSchema, setParams } from './schemas.ts';

export interface PreviewRoutes extends PreviewDeps, CheckDeps {
  readonly configs: CheckDeps['configs'] & Pick<ConfigStore, 'current'>;
}

const MAX_ROWS = 100;

const answerSchema = z.object({
  feature_set: z.string(),
  dt: z.string(),
  columns: z.array(namedColumnSchema).readonly(),
  rows: z
    .array(z.array(z.unknown()).readonly())
    .readonly()
    .describe(
      'The first rows by entity, values in the order of the columns. Types that JSON lacks are text; long texts are cut.',
    ),
  more: z.boolean().describe('Whether the set has more rows.'),
});

/** Computes rows of a feature set for its authors, and commits nothing. */
export const previewRoutes: FastifyPluginAsyncZod<PreviewRoutes> = async (app, deps) => {
  app.post(
    '/v1/feature-sets/:set/preview',
    {
      config: { role: 'scientist', team: 'documents' },
      schema: {
        summary: 'The first rows of a feature set on a date, applied or with these files; commits nothing',
        description:
          'For members of the team that owns the set. With files, the caller also needs every team that applying them would need.',
        tags: ['features'],
        params: setParams,
        body: z.strictObject({
          dt: dateSchema,
          limit: z.int().min(1).max(MAX_ROWS).default(20).describe('Number of rows.'),
          files: files.optional(),
        }),
        response: { 200: answerSchema },
      },
    },
    async ({ params: { set }, body: { dt, limit, files: given }, principal }, reply) => {
      const base = await deps.configs.current();
      const after = given === undefined ? base.configs : await withFiles(deps, given, base);
      requireAuthor(principal, base.configs, after, set);
      const request = { set, dt, limit, now: deps.now() };
      return { feature_set: set, dt, ...(await previewRows(deps, after, request, callerGone(reply))) };
    },
  );
};

async function withFiles(
  deps: CheckDeps,
  given: readonly ConfigFile[],
  base: AppliedConfigs,
): Promise<ConfigSet> {
  return afterChange(base.configs, await checkFiles(deps, given, base, {}));
}

/**
 * Rows show more than a build tells about, so only those see them who may build the set. Files show nothing that its author
 * could not apply: a source over the files of another team needs that team.
 */
function requireAuthor(principal: Principal, before: ConfigSet, after: ConfigSet, name: string): void {
  const { owner } = featureSetNamed(after, name);
  const document = `FeatureSet/${name}` as const;
  requireTeams(principal, [
    { team: owner, document, because: `which owns ${document}` },
    ...ownersConcerned(before, after),
  ]);
}
