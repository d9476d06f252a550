import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { jobKey } from '#activities/job.ts';
import { admittedJobs } from '#platform/jobs/job-licences.ts';
import { jobsOf } from '#platform/jobs/job-records.ts';
import { start } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { skippingWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';

// Jobs are hosted later, so that the first job's key is known before it is started.
const world = await forThisFile(skippingWorld(['lifecycle', 'waits', 'features']));
before(() => putLake(world));

test('a job that its machine cannot start is given up, and the next attempt trains the model', async () => {
  const input = await trainInput(world, await newModel(world));
  const id = workflowId.train(input.key);
  const training = await start(world, 'trainModel', input, id);
  const first = jobKey({
    workflow_id: id,
    first_run_id: training.firstExecutionRunId,
    step: 'train',
    attempt: 1,
    memory_step: 0,
  });
  // A folder where the log of the job's supervisor would be.
  await mkdir(join(world.env.MILLRACE_HOME, 'jobs', first, 'supervisor.log'), { recursive: true });
  await world.host('jobs');
  await training.result();
  const jobs = await jobsOf(world.table, id);
  assert.deepEqual(
    jobs.map(({ handle, given_up_at }) => [handle.key === first, given_up_at !== undefined]),
    [
      [true, true],
      [false, false],
    ],
  );
  assert.equal((await admittedJobs(world.table)).in_all, 0);
  assert.notEqual(await world.trainings.find(input.key), undefined);
});
