import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobsOf, recordHandle, recordJob, type JobRecord } from '#platform/jobs/job-records.ts';
import { forThisFile, freshTable } from '#test/support/stores.ts';

const table = await forThisFile(freshTable());

function record(workflowId: string, key: string, more: Partial<JobRecord> = {}): JobRecord {
  return {
    workflow_id: workflowId,
    handle: { backend: 'process', key },
    title: `train ${key}`,
    submitted_at: '2026-01-02T00:00:00.000Z',
    ...more,
  };
}

test('lists the jobs of one workflow, oldest first', async () => {
  const old = record('train/a', 'z-old', { submitted_at: '2026-01-01T00:00:00.000Z' });
  const young = record('train/a', 'a-young');
  await Promise.all([young, old, record('train/b', 'other')].map((one) => recordJob(table, one)));
  assert.deepEqual(await jobsOf(table, 'train/a'), [old, young]);
  assert.deepEqual(await jobsOf(table, 'train/none'), []);
});

test('lists every job of a workflow, also when they fill more than one page of the table', async () => {
  // A page of DynamoDB ends at 1 MB.
  const large = ['a', 'b', 'c', 'd'].map((key) => record('train/many', key, { title: 'x'.repeat(350_000) }));
  await Promise.all(large.map((one) => recordJob(table, one)));
  const listed = await jobsOf(table, 'train/many');
  assert.deepEqual(
    listed.map(({ handle }) => handle.key),
    ['a', 'b', 'c', 'd'],
  );
});

test('keeps the backend of the first record, whoever records the job again', async () => {
  const first = record('train/again', 'job');
  const again = record('train/again', 'job', {
    handle: { backend: 'kubernetes', key: 'job' },
    submitted_at: '2026-02-02T00:00:00.000Z',
  });
  assert.deepEqual(await recordJob(table, first), first);
  assert.deepEqual(await recordJob(table, again), first);
  assert.deepEqual(await jobsOf(table, 'train/again'), [first]);
});

test('keeps the name that the backend gave the job', async () => {
  const first = await recordJob(table, record('train/named', 'job'));
  const handle = { ...first.handle, id: 'run-17' };
  await recordHandle(table, 'train/named', handle);
  assert.deepEqual(await jobsOf(table, 'train/named'), [{ ...first, handle }]);
  assert.deepEqual(await recordJob(table, first), { ...first, handle });
});
