import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from '#test/support/runs.ts';
import { skippingWorld } from '#test/support/world.ts';
import { TASK_QUEUES, workflowId } from '#workflows/contract/ids.ts';
import type { SweptStore } from '#workflows/sweep-store.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(skippingWorld(['lifecycle', 'waits', 'jobs']));

const scores = (score_date: string) => ({
  model: 'risk',
  feature_set: 'behaviour',
  version: 1,
  score_date,
  revision: 1,
});
const partOf = (date: string): string =>
  `scores/model=risk/feature_set=behaviour/score_date=${date}/version=1/r1/part-0.parquet`;

async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of world.objects.list('')) found.push(key);
  return found;
}

test('a night’s sweep leaves young files, a day later it removes them, but those of a run under way only after its end', async () => {
  const [left, wanted] = [partOf('2024-03-01'), partOf('2024-03-02')];
  for (const key of [left, wanted, 'cards/0.json']) await world.objects.put(key, 'x');
  const sweep = async (): Promise<SweptStore> =>
    (await start(world, 'sweepStore', null, 'sweep-store', world.plain)).result();

  assert.deepEqual(await sweep(), { looked: 2, removed: 0, jobs: 0 });
  await world.skip(25 * 3_600_000);
  // Nobody serves this queue: the run waits as one does whose workers are away.
  const waiting = await world.plain.workflow.start('scoreBatch', {
    taskQueue: 'nobody',
    workflowId: workflowId.score(scores('2024-03-02')),
    args: [],
  });
  assert.deepEqual(await sweep(), { looked: 2, removed: 1, jobs: 0 });
  assert.deepEqual(await keys(), ['cards/0.json', wanted]);
  await waiting.terminate();
  assert.deepEqual(await sweep(), { looked: 1, removed: 1, jobs: 0 });
  assert.deepEqual(await keys(), ['cards/0.json']);
});

test('a sweep goes on behind its cursor, in the same night and with what was counted before', async () => {
  const key = partOf('2024-04-01');
  await world.objects.put(key, 'x');
  const day = 24 * 3_600_000;
  const swept = await world.plain.workflow.execute('sweepStore', {
    taskQueue: TASK_QUEUES.lifecycle,
    workflowId: 'sweep-store',
    args: [
      {
        now: new Date(Date.now() + 2 * day).toISOString(),
        cursor: `scores/model=risk/feature_set=behaviour/score_date=2024-03-31/`,
        settled_before: null,
        looked: 40_000,
        removed: 7,
        left_since: null,
        jobs: 3,
      },
    ],
  });
  assert.deepEqual(swept, { looked: 40_001, removed: 8, jobs: 3 });
});
