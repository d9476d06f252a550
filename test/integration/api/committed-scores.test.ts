import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { scoreRoutes } from '#api/routes/pairs/scores.ts';
import { createScoresStore } from '#scoring/scores-store.ts';
import { manifestOfShards } from '#test/support/scores.ts';
import { forThisFile, freshStores } from '#test/support/stores.ts';

const { objects, table } = await forThisFile(freshStores());
const scores = createScoresStore(table, objects);
const app = fastify()
  .setValidatorCompiler(validatorCompiler)
  .setSerializerCompiler(serializerCompiler)
  .withTypeProvider<ZodTypeProvider>();
const start = () => Promise.reject(new Error('a read starts nothing'));
const starter = { startedBefore: start };
await app.register(scoreRoutes, { scores, start, starter, uri: (key) => objects.uri(key) });
after(() => app.close());

await objects.put('scores/x.parquet', 'parts');
const committed = await scores.commit(
  manifestOfShards(
    { model: 'risk', feature_set: 'behaviour', version: 2, score_date: '2026-02-03', revision: 1 },
    [
      {
        index: 0,
        part: { key: 'scores/x.parquet', size: 5, sha256: 'b'.repeat(64), rows: 4 },
        declined: 1,
        probability_sum: 1,
        tally: { features: [[2, 2, 0]], score: [3, 1, 0] },
      },
    ],
  ),
);

test('a date’s scores come with their files’ URIs', async () => {
  const answer = await app.inject('/v1/pairs/risk/behaviour/scores/2026-02-03');
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(answer.json(), { ...committed, uris: [`s3://${objects.bucket}/scores/x.parquet`] });
});

test('a listing shows where each day’s scores stand', async () => {
  const answer = await app.inject('/v1/pairs/risk/behaviour/scores?from=2026-02-01');
  const [entry, ...more] = answer.json<{ items: Record<string, unknown>[] }>().items;
  assert.equal(more.length, 0);
  assert.deepEqual([entry?.['version'], entry?.['partition_date'], entry?.['rows']], [2, '2026-02-01', 4]);
});

test('a date without scores, and a version that did not score it, are not found', async () => {
  for (const path of ['scores/2026-02-04', 'scores/2026-02-03?version=1']) {
    const answer = await app.inject(`/v1/pairs/risk/behaviour/${path}`);
    assert.equal(answer.json<{ code: string }>().code, 'SCORES_NOT_FOUND');
  }
});

test('a date that is none is refused', async () => {
  const answer = await app.inject('/v1/pairs/risk/behaviour/scores/2026-02-30');
  assert.equal(answer.statusCode, 400);
});
