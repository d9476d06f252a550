import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ScoresSummary } from '#scoring/scores-summary.ts';
import type { PlanRef, ShardSummary } from '#scoring/shard-results.ts';
import { bigEvents } from '#test/support/history-size.ts';
import { run, start } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { approved, newModel, putLake } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { ScoreInput } from '#workflows/contract/messages.ts';

/** What stands in for an activity, or around it, in the test that runs. */
let around: Readonly<Record<string, (run: () => unknown) => unknown>> = {};
const world = await forThisFile(
  namespaceWorld(undefined, (name, runIt) => (around[name] ?? ((run) => run()))(runIt)),
);
await putLake(world);
const pair = await approved(world, await newModel(world));
const { base_digest: configs } = await world.configs.current();
const of = (score_date: string): ScoreInput => ({
  ref: { ...pair, version: 1, score_date, revision: 1 },
  configs,
});

async function filesOf({ ref }: ScoreInput): Promise<string[]> {
  const files: string[] = [];
  for await (const { key } of world.objects.list(`scores/model=${ref.model}/`))
    if (key.includes(`score_date=${ref.score_date}/`)) files.push(key.split('/r1/')[1] ?? key);
  return files;
}

/** Does its work, and is then believed to have failed. */
function lostAnswer(): (work: () => unknown) => Promise<unknown> {
  let lost = false;
  return async (work) => {
    const result = await work();
    if (lost) return result;
    lost = true;
    throw new MillraceError('STORE_UNREACHABLE', 'the answer was lost');
  };
}

test('adopts the result and the part of an attempt whose answer was lost, and a commit whose answer was lost', async () => {
  const input = of('2024-04-20');
  let beforeCommit: string[] = [];
  const commit = lostAnswer();
  around = {
    scoreShard: lostAnswer(),
    commitScores: async (work) => {
      if (beforeCommit.length === 0) beforeCommit = await filesOf(input);
      return commit(work);
    },
  };
  const scores = await run<ScoresSummary>(world, 'scoreBatch', input, workflowId.score(input.ref));
  assert.equal(scores.rows, 20);
  assert.equal(beforeCommit.filter((file) => file.endsWith('.parquet')).length, 1);
  // The plan and the results go with the commit.
  const left = (await filesOf(input)).map((file) => file.replace(/\.[0-9a-f-]{36}\./, '.'));
  assert.deepEqual(left, ['manifest.json', 'part-00000-of-00001.parquet']);
});

test('a run that was planned long ago and whose files were swept is refused, and the next one scores anew', async () => {
  const input = of('2024-04-21');
  around = {
    commitScores: async (work) => {
      const files = await filesOf(input);
      const folder = `scores/model=${pair.model}/feature_set=${pair.feature_set}/score_date=2024-04-21/version=1/r1/`;
      await world.objects.remove(files.filter((file) => file.includes('run=')).map((file) => folder + file));
      return work();
    },
  };
  await assert.rejects(run(world, 'scoreBatch', input, workflowId.score(input.ref)), (error: Error) =>
    JSON.stringify(error, ['cause', 'type']).includes('SCORES_PART_GONE'),
  );
  around = {};
  assert.equal((await run<ScoresSummary>(world, 'scoreBatch', input, workflowId.score(input.ref))).rows, 20);
});

test('a history of a thousand shards holds no event above 64 KB, and is not near its limits', async () => {
  const input = of('2024-04-22');
  const plan: PlanRef = { key: `scores/${'k'.repeat(900)}`, sha256: 'a'.repeat(64), shards: 1_000 };
  const shard: ShardSummary = { rows: 250_000, declined: 31_000 };
  const drifting = Array.from({ length: 300 }, (_, feature) => `feature_${feature}_${'x'.repeat(50)}`);
  const summary = { ref: input.ref, manifest_key: 'k', uri: 'u', rows: 250_000_000, declined: 31, drifting };
  around = { planShards: () => plan, scoreShard: () => shard, commitScores: () => summary };
  const handle = await start(world, 'scoreBatch', input, workflowId.score(input.ref));
  await handle.result();
  const { events } = await handle.fetchHistory();
  assert.deepEqual(bigEvents(events), []);
  assert.ok((events?.length ?? 0) < 10_240, `${events?.length} events`);
});
