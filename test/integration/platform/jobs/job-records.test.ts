import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobsOf, recordGivenUp, recordHandle, type JobRecord } from '#platform/jobs/job-records.ts';
import { admitted } from '#test/support/admitted-jobs.ts';
import { forThisFile, freshTable } from '#test/support/stores.ts';

const table = await forThisFile(freshTable());

function record(workflowId: string, key: string, more: Partial<JobRecord> = {}): JobRecord {
  return {
    workflow_id: workflowId,
    first_run_id: 'first',
    team: 'risk',
    handle: { backend: 'process', key },
    title: `train ${key}`,
    submitted_at: '2026-01-02T00:00:00.000Z',
    ...more,
  };
}

test('lists the jobs of one workflow, oldest first', async () => {
  const old = record('train/a', 'z-old', { submitted_at: '2026-01-01T00:00:00.000Z' });
  const young = record('train/a', 'a-young');
  await Promise.all([young, old, record('train/b', 'other')].map((one) => admitted(table, one)));
  assert.deepEqual(await jobsOf(table, 'train/a'), [old, young]);
  assert.deepEqual(await jobsOf(table, 'train/none'), []);
});

test('lists every job of a workflow, also when they fill more than one page of the table', async () => {
  // A page of DynamoDB ends at 1 MB.
  const large = ['a', 'b', 'c', 'd'].map((key) => record('train/many', key, { title: 'x'.repeat(350_000) }));
  await Promise.all(large.map((one) => admitted(table, one)));
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
  assert.deepEqual(await admitted(table, first), first);
  assert.deepEqual(await admitted(table, again), first);
  assert.deepEqual(await jobsOf(table, 'train/again'), [first]);
});

test('keeps the name that the backend gave the job', async () => {
  const first = await admitted(table, record('train/named', 'job-named'));
  const handle = { ...first.handle, id: 'run-17' };
  await recordHandle(table, 'train/named', handle);
  assert.deepEqual(await jobsOf(table, 'train/named'), [{ ...first, handle }]);
  assert.deepEqual(await admitted(table, first), { ...first, handle });
});

test('marks a job that was given up, and keeps the first mark', async () => {
  const first = await admitted(table, record('train/lost', 'job-lost'));
  const place = { workflow_id: 'train/lost', key: 'job-lost' };
  await recordGivenUp(table, place);
  const [marked] = await jobsOf(table, 'train/lost');
  assert.match(marked?.given_up_at ?? '', /^\d{4}-/);
  await recordGivenUp(table, place);
  assert.deepEqual(await jobsOf(table, 'train/lost'), [marked]);
  assert.deepEqual(await admitted(table, first), marked);
});
