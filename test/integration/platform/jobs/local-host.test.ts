import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { endUnlicensedJobs } from '#platform/jobs/end-unlicensed.ts';
import type { JobBackend } from '#platform/jobs/job-backend.ts';
import { giveBackLicence } from '#platform/jobs/job-licences.ts';
import { localHost } from '#platform/jobs/process/local-host.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import { createLog } from '#platform/telemetry/log.ts';
import { readEnvironment } from '#configs/environment.ts';
import { admitted } from '#test/support/admitted-jobs.ts';
import { commandJob, commandLauncher } from '#test/support/command-jobs.ts';
import { until } from '#test/support/runs.ts';
import { forThisFile, freshTable } from '#test/support/stores.ts';
import { keepHost } from '#workers/keep-host.ts';

const table = await forThisFile(freshTable());
const root = await mkdtemp(join(tmpdir(), 'millrace-host-'));
const jobs = open(root);
after(async () => {
  for (const handle of (await jobs.host?.unfinished()) ?? []) await jobs.cancel(handle);
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
});

function open(folder: string): JobBackend {
  return createProcessJobBackend({ root: folder, launcher: commandLauncher(), graceMs: 200 });
}

/** A running job with a licence. */
async function licensedJob(): Promise<string> {
  const spec = commandJob(['sleep', '60']);
  await admitted(table, {
    workflow_id: `train/${spec.key}`,
    handle: { backend: 'process', key: spec.key },
    title: spec.title,
    submitted_at: '2026-01-01T00:00:00.000Z',
  });
  await jobs.submit(spec);
  return spec.key;
}

const unfinished = async (): Promise<readonly string[]> =>
  ((await jobs.host?.unfinished()) ?? []).map(({ key }) => key);

test('gives one id to a folder of jobs, whoever asks first, and keeps it', async () => {
  const folder = join(root, 'new-home');
  const ids = await Promise.all(Array.from({ length: 20 }, () => localHost(folder)));
  assert.equal(new Set(ids).size, 1);
  assert.match(ids[0] ?? '', /^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/);
  assert.equal(await localHost(folder), ids[0]);
  assert.notEqual(await localHost(join(root, 'other-home')), ids[0]);
});

test('names the machine in the handle of a job, and lists the jobs that have not ended', async () => {
  const [short, long] = [commandJob(['true']), commandJob(['sleep', '60'])];
  const handle = await jobs.submit(short);
  assert.equal(handle.host, await jobs.host?.id());
  await jobs.submit(long);
  await until(async () => (await jobs.get(handle)).phase === 'succeeded', 'the short job ends');
  assert.deepEqual(await unfinished(), [long.key]);
  assert.deepEqual(await open(root).host?.unfinished(), [{ ...handle, key: long.key }]);
  await jobs.cancel({ ...handle, key: long.key });
  await jobs.cancel({ ...handle, key: 'never-submitted' });
  assert.deepEqual(await unfinished(), []);
});

test('ends the jobs without a licence, and no other', async () => {
  const [kept, lost] = [await licensedJob(), await licensedJob()];
  assert.deepEqual(await endUnlicensedJobs(table, jobs), []);
  await giveBackLicence(table, lost);
  assert.deepEqual(await endUnlicensedJobs(table, jobs), [lost]);
  assert.deepEqual(await unfinished(), [kept]);
  assert.equal((await jobs.get({ backend: 'process', key: lost })).failure, 'cancelled');
  await giveBackLicence(table, kept);
  assert.deepEqual(await endUnlicensedJobs(table, jobs), [kept]);
});

test('tries again when a job could not be ended', async () => {
  const key = await licensedJob();
  const stop = new AbortController();
  const log = createLog({ ...readEnvironment(), MILLRACE_LOG_LEVEL: 'silent' }, 'test');
  let refused = 0;
  const failing: JobBackend = {
    ...jobs,
    cancel: (handle) => {
      refused += 1;
      return refused === 1 ? Promise.reject(new Error('The machine is busy.')) : jobs.cancel(handle);
    },
  };
  const platform = {
    table,
    jobs: { preferred: failing, all: [failing], named: () => failing },
  };
  const keeping = keepHost(platform, log, stop.signal, 100);
  await sleep(500);
  assert.deepEqual(await unfinished(), [key]);
  await giveBackLicence(table, key);
  await until(async () => (await unfinished()).length === 0, 'the job is ended');
  assert.ok(refused >= 2);
  stop.abort();
  await keeping;
});
