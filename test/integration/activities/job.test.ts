import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { runJob } from '#activities/job.ts';
import type { JobState } from '#platform/jobs/job-backend.ts';
import { createJobBackends } from '#platform/jobs/job-backends.ts';
import type { JobProgram } from '#platform/jobs/job-program.ts';
import { jobsOf, recordJob } from '#platform/jobs/job-records.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import type { ProcessLauncher } from '#platform/jobs/process/process-launcher.ts';
import { commandJob, commandLauncher } from '#test/support/command-jobs.ts';
import { forThisFile, freshBucket, freshTable } from '#test/support/stores.ts';

const table = await forThisFile(freshTable());
const objects = await forThisFile(freshBucket());
const root = await mkdtemp(join(tmpdir(), 'millrace-job-'));
after(() => rm(root, { recursive: true, force: true }));

function program(command: readonly string[]): JobProgram {
  const job = commandJob(command);
  return { ...job, input: { rows: 3 }, output: objects.uri(`jobs/${job.key}/`) };
}

/** Runs the job as the activity of this workflow. */
async function run(
  job: JobProgram,
  workflowId: string,
  launcher: ProcessLauncher = commandLauncher(),
): Promise<JobState> {
  const jobs = createJobBackends(createProcessJobBackend({ root, launcher }));
  const activity = new MockActivityEnvironment({ workflowExecution: { workflowId, runId: 'run' } });
  const deps = { jobs, objects, table };
  return activity.run<[], JobState, () => Promise<JobState>>(() => runJob(deps, job));
}

test('records the job before anything of it is launched, with its backend and handle', async () => {
  const job = program(['true']);
  const state = await run(job, 'train/recorded');
  assert.equal(state.phase, 'succeeded');
  const [record] = await jobsOf(table, 'train/recorded');
  assert.deepEqual(record?.handle, { backend: 'process', key: job.key });

  const broken: ProcessLauncher = () => {
    throw new Error('no room on the disk');
  };
  const other = program(['true']);
  await assert.rejects(run(other, 'train/broken', broken), /no room/);
  const records = await jobsOf(table, 'train/broken');
  assert.deepEqual(
    records.map(({ handle }) => handle.key),
    [other.key],
  );
});

test('starts nothing on another backend than the one that the record of the job names', async () => {
  const job = program(['true']);
  await recordJob(table, {
    workflow_id: 'train/moved',
    handle: { backend: 'kubernetes', key: job.key },
    title: job.title,
    submitted_at: '2026-01-01T00:00:00.000Z',
  });
  await assert.rejects(run(job, 'train/moved'), { code: 'JOB_BACKEND_UNKNOWN' });
  assert.ok(!(await readdir(root)).includes(job.key));
});

test('cancels the job when its backend fails to answer while a cancellation is pending', async () => {
  const backend = createProcessJobBackend({ root, launcher: commandLauncher() });
  const asked = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  const jobs = createJobBackends({
    ...backend,
    async get(handle) {
      const state = await backend.get(handle);
      if (state.phase !== 'running') return state;
      asked.resolve();
      await cancelled.promise;
      throw new Error('The backend does not answer.');
    },
  });
  const job = program(['sleep', '60']);
  const activity = new MockActivityEnvironment({
    workflowExecution: { workflowId: 'train/cancelled', runId: 'run' },
  });
  const running = activity.run<[], JobState, () => Promise<JobState>>(() =>
    runJob({ jobs, objects, table }, job),
  );
  await asked.promise;
  activity.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
  cancelled.resolve();
  await assert.rejects(running, /does not answer/);
  const state = await backend.get({ backend: 'process', key: job.key });
  assert.ok(state.phase === 'failed' && state.failure === 'cancelled');
});
