import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { runJob, type JobDeps } from '#activities/job.ts';
import { createConfigStore } from '#catalog/config-store.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { JobState } from '#platform/jobs/job-backend.ts';
import { createJobBackends, type JobBackends } from '#platform/jobs/job-backends.ts';
import type { JobProgram } from '#platform/jobs/job-program.ts';
import { admittedJobs, findLicence } from '#platform/jobs/job-licences.ts';
import { findJob, jobsOf, recordGivenUp } from '#platform/jobs/job-records.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import type { ProcessLauncher } from '#platform/jobs/process/process-launcher.ts';
import { commandJob, commandLauncher } from '#test/support/command-jobs.ts';
import { admitted } from '#test/support/admitted-jobs.ts';
import { freshNamespace } from '#test/support/temporal.ts';
import { forThisFile, freshBucket, freshTable } from '#test/support/stores.ts';

const table = await forThisFile(freshTable());
const objects = await forThisFile(freshBucket());
const { temporal } = await forThisFile(freshNamespace());
const configs = createConfigStore(table, objects);
const root = await mkdtemp(join(tmpdir(), 'millrace-job-'));
after(() => rm(root, { recursive: true, force: true }));

function program(command: readonly string[]): JobProgram {
  const job = commandJob(command);
  return { ...job, input: { rows: 3 }, output: objects.uri(`jobs/${job.key}/`) };
}

const OWNER = { team: 'risk', first_run_id: 'run' };

function depsWith(jobs: JobBackends): JobDeps {
  return { jobs, objects, table, client: temporal, configs, hostPatienceMs: 120_000 };
}

/** Runs the job as the activity of this workflow. */
async function run(
  job: JobProgram,
  workflowId: string,
  launcher: ProcessLauncher = commandLauncher(),
): Promise<JobState> {
  const jobs = createJobBackends(createProcessJobBackend({ root, launcher }));
  const activity = new MockActivityEnvironment({ workflowExecution: { workflowId, runId: 'run' } });
  return activity.run<[], JobState, () => Promise<JobState>>(() => runJob(depsWith(jobs), job, OWNER));
}

test('records the job before anything of it is launched, with its backend and handle', async () => {
  const job = program(['true']);
  const state = await run(job, 'train/recorded');
  assert.equal(state.phase, 'succeeded');
  const [record] = await jobsOf(table, 'train/recorded');
  const host = await createProcessJobBackend({ root, launcher: commandLauncher() }).host?.id();
  assert.deepEqual(record?.handle, { backend: 'process', key: job.key, host });

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
  await admitted(table, {
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
    runJob(depsWith(jobs), job, OWNER),
  );
  await asked.promise;
  activity.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
  cancelled.resolve();
  await assert.rejects(running, /does not answer/);
  const state = await backend.get({ backend: 'process', key: job.key });
  assert.ok(state.phase === 'failed' && state.failure === 'cancelled');
});

test('cancels the job while the table does not answer, and leaves its licence to the sweep', async () => {
  let answers = true;
  const client = new Proxy(table.client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name !== 'send') return member;
      if (!answers) return () => Promise.reject(new MillraceError('STORE_UNREACHABLE', 'No answer.'));
      return target.send.bind(target);
    },
  });
  const backend = createProcessJobBackend({ root, launcher: commandLauncher() });
  const job = program(['sleep', '60']);
  const activity = new MockActivityEnvironment({
    workflowExecution: { workflowId: 'train/unheard', runId: 'run' },
  });
  const deps = { ...depsWith(createJobBackends(backend)), table: { ...table, client } };
  const running = activity.run<[], JobState, () => Promise<JobState>>(() => runJob(deps, job, OWNER));
  running.catch(() => undefined);
  const handle = { backend: 'process', key: job.key };
  while ((await backend.get(handle)).phase !== 'running') await sleep(50);
  answers = false;
  activity.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
  await assert.rejects(running, { code: 'STORE_UNREACHABLE' });
  assert.equal((await backend.get(handle)).failure, 'cancelled');
  assert.notEqual(await findLicence(table, job.key), undefined);
});

test('gives the licence back when the job has ended, whether it succeeded or failed', async () => {
  const [good, bad] = [program(['true']), program(['false'])];
  await run(good, 'train/good');
  await assert.rejects(run(bad, 'train/bad'), { code: 'JOB_CRASHED' });
  for (const { key } of [good, bad]) assert.equal(await findLicence(table, key), undefined);
});

test('refuses a job that another machine has, says which, and starts nothing', async () => {
  const job = program(['true']);
  await admitted(table, {
    workflow_id: 'train/elsewhere',
    handle: { backend: 'process', key: job.key, host: 'other-machine' },
    title: job.title,
    submitted_at: '2026-01-01T00:00:00.000Z',
  });
  await assert.rejects(run(job, 'train/elsewhere'), {
    code: 'JOB_ON_OTHER_HOST',
    details: { job: job.key, host: 'other-machine', patience_ms: 120_000 },
  });
  assert.ok(!(await readdir(root)).includes(job.key));
});

test('neither starts nor adopts a job that was given up', async () => {
  const job = program(['true']);
  await run(job, 'train/given-up');
  await recordGivenUp(table, { workflow_id: 'train/given-up', key: job.key });
  await assert.rejects(run(job, 'train/given-up'), { code: 'JOB_LOST' });
});

test('keeps a job waiting, without a licence, while its machine runs as many as it may', async () => {
  const full = await mkdtemp(join(tmpdir(), 'millrace-full-'));
  const backend = createProcessJobBackend({
    root: full,
    launcher: commandLauncher(),
    atOnce: 1,
    graceMs: 100,
  });
  const long = await backend.submit(commandJob(['sleep', '60']));
  const job = program(['true']);
  const activity = new MockActivityEnvironment({
    workflowExecution: { workflowId: 'train/crowded', runId: 'run' },
  });
  const running = activity.run(() => runJob(depsWith(createJobBackends(backend)), job, OWNER));
  await assert.rejects(running, { type: 'JOB_NOT_ADMITTED', nonRetryable: false });
  const before = await admittedJobs(table);
  assert.equal(await findJob(table, { workflow_id: 'train/crowded', key: job.key }), undefined);
  await backend.cancel(long);
  const again = new MockActivityEnvironment({
    workflowExecution: { workflowId: 'train/crowded', runId: 'run' },
  });
  await again.run(() => runJob(depsWith(createJobBackends(backend)), job, OWNER));
  assert.deepEqual(await admittedJobs(table), before);
  await rm(full, { recursive: true, force: true, maxRetries: 5 });
});
