import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dateSchema } from '#configs/names.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { scoresManifestSchema } from '#scoring/scores-manifest.ts';
import type { ScoresStore } from '#scoring/scores-store.ts';
import type { ScoresSummary } from '#scoring/scores-summary.ts';
import type { ScoreRequest } from '../../starts/score.ts';
import type { Started, WorkflowStarter } from '../../workflows/starter.ts';
import { dateRange, inOrder, OUT_OF_ORDER } from '../shared/date-range.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { answerRun, REPEATED_START, runResponses } from '../shared/run.ts';
import { wholeNumber } from '../shared/whole-number.ts';
import { scoreBody, scoresEntrySchema, scoresManifestAnswer } from './scores-schemas.ts';

export interface ScoreRoutes {
  readonly scores: ScoresStore;
  readonly starter: Pick<WorkflowStarter, 'startedBefore'>;
  readonly start: (request: ScoreRequest) => Promise<Started<ScoresSummary>>;
  /** The `s3://` URI of a key. */
  readonly uri: (key: string) => string;
}

/** Scores of a day, which is what a DAG or a schedule asks for. Rows are read from S3, by whoever may read there. */
export const scoreRoutes: FastifyPluginAsyncZod<ScoreRoutes> = async (
  app,
  { scores, starter, start, uri },
) => {
  app.get(
    '/v1/pairs/:model/:set/scores',
    {
      config: { role: 'viewer', team: 'pair' },
      schema: {
        summary: 'List committed scores of a pair, oldest date first',
        tags: ['scores'],
        params: pairParams,
        querystring: z.strictObject({ ...pageQuery.shape, ...dateRange }).refine(inOrder, OUT_OF_ORDER),
        response: { 200: pageOf(scoresEntrySchema) },
      },
    },
    async ({ params, query }) => {
      const { items, ...rest } = await scores.page(pairOf(params), query, pageAsked(query));
      return { items: items.map(mutable), ...rest };
    },
  );

  app.post(
    '/v1/pairs/:model/:set/scores',
    {
      config: { role: ['operator', 'scheduler'], team: 'pair' },
      schema: {
        summary: 'Score a day',
        description: REPEATED_START,
        tags: ['scores'],
        params: pairParams,
        body: scoreBody,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const { params, body, principal } = request;
      const asked = { pair: pairOf(params), ...body, principal: principal.name };
      return answerRun(request, reply, starter, () => start(asked));
    },
  );

  app.get(
    '/v1/pairs/:model/:set/scores/:score_date',
    {
      config: { role: 'viewer', team: 'pair' },
      schema: {
        summary: 'Manifest of the scores of a date: files, drift, what the reasons mean',
        tags: ['scores'],
        params: pairParams.extend({ score_date: dateSchema }),
        querystring: z.strictObject({
          version: wholeNumber(z.number().int().min(1))
            .optional()
            .meta({ description: 'Default: the last built.' }),
        }),
        response: { 200: scoresManifestAnswer },
      },
    },
    async ({ params, query }) => {
      const found = await scores.newest(pairOf(params), params.score_date, query.version);
      if (found === undefined) {
        const version = query.version === undefined ? '' : ` v${query.version}`;
        throw new MillraceError('SCORES_NOT_FOUND', `No scores are committed for ${params.score_date}.`, {
          where: `${params.model}/${params.set}${version}`,
        });
      }
      return { ...scoresManifestSchema.parse(found), uris: found.parts.map(({ key }) => uri(key)) };
    },
  );
};

function mutable<T extends { readonly drifting: readonly string[] }>(entry: T) {
  return { ...entry, drifting: [...entry.drifting] };
}
