import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { SWEEP_RULES } from '#activities/commit-folders.ts';
import { createHousekeepingActivities, type SweptStorePage } from '#activities/housekeeping.ts';
import { createJobBackends } from '#platform/jobs/job-backends.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { createSweepMarks } from '#registry/sweep-marks.ts';
import { commandLauncher } from '#test/support/command-jobs.ts';
import { forThisFile, freshBucket, freshTable } from '#test/support/stores.ts';
import { freshNamespace } from '#test/support/temporal.ts';
import { TASK_QUEUES, workflowId } from '#workflows/contract/ids.ts';

const table = await forThisFile(freshTable());
const sweeps = createSweepMarks(table);
const { temporal: client } = await forThisFile(freshNamespace());
const jobs = createJobBackends(
  createProcessJobBackend({ root: '/nonexistent', launcher: commandLauncher() }),
);

const SETTLED = 40;
const folderOf = (day: number): string =>
  `scores/model=risk/feature_set=behaviour/score_date=2024-01-${String(day).padStart(2, '0')}/version=1/r1/`;
const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

/** The store, and how often objects were read since the last look. */
function counting(objects: ObjectStore) {
  let reads = 0;
  const counted: ObjectStore = {
    ...objects,
    get: (key) => {
      reads += 1;
      return objects.get(key);
    },
  };
  return {
    counted,
    reads: () => {
      const now = reads;
      reads = 0;
      return now;
    },
  };
}

/** One night, as `sweepStore` does it. Ends after `pages`, as if every worker went away then. */
async function night(objects: ObjectStore, now: string, pages = Infinity): Promise<number> {
  const activities = createHousekeepingActivities({ client, jobs, objects, sweeps, pageKeys: 20 });
  const activity = new MockActivityEnvironment();
  const settled_before = await activities.settledBefore();
  const left: string[] = [];
  let removed = 0;
  let cursor: string | null = null;
  for (let page = 0; page < pages; page += 1) {
    const swept: SweptStorePage = await activity.run((input) => activities.sweepStorePage(input), {
      cursor,
      now,
      settled_before,
    });
    removed += swept.removed;
    if (swept.left_since !== null) left.push(swept.left_since);
    cursor = swept.cursor;
    if (cursor !== null) continue;
    await activities.noteSettled({ now, left_since: left.toSorted()[0] ?? null });
    return removed;
  }
  return removed;
}

test('reads no manifest of a settled folder again, and still finds what appears there late', async () => {
  const objects = await forThisFile(freshBucket());
  const { counted, reads } = counting(objects);
  for (let day = 1; day <= SETTLED; day += 1) {
    const part = `${folderOf(day)}part-0.parquet`;
    await objects.put(part, 'x');
    await objects.put(`${folderOf(day)}manifest.json`, JSON.stringify({ parts: [{ key: part }] }));
  }
  // The first night ends in the middle of the scores: nothing counts as settled.
  await night(counted, inHours(30), 3);
  assert.ok(reads() > 0);
  assert.equal(await night(counted, inHours(30)), 0);
  assert.equal(reads(), SETTLED);
  assert.equal(await night(counted, inHours(31)), 0);
  assert.equal(reads(), 0);

  // A job that was believed dead wakes up and writes into a folder of long ago.
  const mark = Date.now();
  await sweeps.noteSettled(new Date(mark).toISOString(), SWEEP_RULES);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await objects.put(`${folderOf(3)}part-0.late.parquet`, 'x');
  assert.equal(await night(counted, inHours(1)), 0);
  await sweeps.noteSettled(new Date(mark).toISOString(), SWEEP_RULES);
  assert.equal(await night(counted, inHours(32)), 1);
  assert.equal(reads(), 1);
  assert.equal(await night(counted, inHours(33)), 0);
  assert.equal(reads(), 0);
});

test('looks again at a folder whose writer still ran, and removes its files once the writer has ended', async () => {
  const objects = await forThisFile(freshBucket());
  await sweeps.noteSettled('2020-01-01T00:00:00.000Z', SWEEP_RULES);
  const ref = { model: 'risk', feature_set: 'behaviour', version: 1, score_date: '2024-01-05', revision: 1 };
  const writer = await client.workflow.start('scoreBatch', {
    taskQueue: TASK_QUEUES.scoring,
    workflowId: workflowId.score(ref),
    args: [],
  });
  await objects.put(`${folderOf(5)}part-0.parquet`, 'x');
  assert.equal(await night(objects, inHours(40)), 0);
  assert.equal(await night(objects, inHours(64)), 0);
  await writer.terminate();
  assert.equal(await night(objects, inHours(88)), 1);
});

test('keeps rows that failed a check for a week', async () => {
  const objects = await forThisFile(freshBucket());
  await sweeps.noteSettled('2020-01-01T00:00:00.000Z', SWEEP_RULES);
  const folder = `staged/features/habits/${'0'.repeat(32)}/dt=2024-01-05/r1/`;
  await objects.put(`${folder}part-0.parquet`, 'x');
  for (const day of [2, 4, 6]) assert.equal(await night(objects, inHours(day * 24)), 0);
  assert.equal(await night(objects, inHours(8 * 24)), 1);
});

test('looks at everything again under other rules', async () => {
  await sweeps.noteSettled(inHours(1), SWEEP_RULES);
  assert.notEqual(await sweeps.settledBefore(SWEEP_RULES), undefined);
  assert.equal(await sweeps.settledBefore('those of a later release'), undefined);
});
