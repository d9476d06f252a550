import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import { jobsOf } from '#platform/jobs/job-records.ts';
import type { JobSpec } from '#platform/jobs/job-program.ts';
import { failureOf, run, start, until } from '#test/support/runs.ts';
import type { Behaviour } from '#test/support/small-trainer.ts';
import { newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { skippingWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { TrainingSummary } from '#workflows/contract/messages.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(skippingWorld());
before(() => putLake(world));

/** A training under its natural id, not yet started. */
async function training(params: Behaviour, memory?: string) {
  const input = await trainInput(
    world,
    await newModel(world, params, memory === undefined ? {} : { memory }),
  );
  return { input, id: workflowId.train(input.key) };
}

/** What the platform asked of its job backend for a workflow, oldest first. */
async function jobsAskedFor(id: string): Promise<readonly JobSpec[]> {
  const records = await jobsOf(world.table, id);
  return records.map(
    ({ handle }) =>
      JSON.parse(
        readFileSync(join(world.env.MILLRACE_HOME, 'jobs', handle.key, 'spec.json'), 'utf8'),
      ) as JobSpec,
  );
}

test('a training leaves a manifest, and the same training again is that one without a job', async () => {
  const { input, id } = await training({});
  const first = await run<TrainingSummary>(world, 'trainModel', input, id);
  assert.deepEqual(first.metrics, { auc: 0.75 });
  assert.deepEqual(await world.trainings.find(input.key), first);
  assert.deepEqual(await run(world, 'trainModel', input, id), first);
  assert.equal((await jobsAskedFor(id)).length, 1);
});

test('an error of the user is final after one job, and carries the code that the job gave', async () => {
  const { input, id } = await training({ exits: ['user'] });
  const failure = await failureOf(start(world, 'trainModel', input, id));
  assert.equal(failure.type, 'LABEL_ONE_CLASS');
  assert.match(failure.message, /^train m\w+ as of 2024-05-01: run 1 ends: user$/);
  assert.equal((await jobsAskedFor(id)).length, 1);
  assert.equal(await world.trainings.find(input.key), undefined);
});

test('a failed training that is started again runs a job of its own', async () => {
  const notes = join(world.env.MILLRACE_HOME, 'again.txt');
  const { input, id } = await training({ notes, exits: ['user'] });
  await failureOf(start(world, 'trainModel', input, id));
  await run(world, 'trainModel', input, id);
  assert.equal(new Set((await jobsAskedFor(id)).map(({ key }) => key)).size, 2);
});

test('a preempted job and one that met a passing fault are tried again under new keys', async () => {
  const notes = join(world.env.MILLRACE_HOME, 'preempted.txt');
  const { input, id } = await training({ notes, exits: ['preempted', 'transient'] });
  await run(world, 'trainModel', input, id);
  const jobs = await jobsAskedFor(id);
  assert.equal(new Set(jobs.map(({ key }) => key)).size, 3);
  assert.deepEqual([...new Set(jobs.map(({ resources }) => resources.memoryMiB))], [512]);
});

test('out of memory doubles the memory as often as the platform allows, and no further', async () => {
  const { input, id } = await training({ exits: ['outOfMemory'] }, '1Gi');
  const failure = await failureOf(start(world, 'trainModel', input, id));
  assert.equal(failure.type, 'JOB_OUT_OF_MEMORY');
  assert.deepEqual(
    (await jobsAskedFor(id)).map(({ resources }) => resources.memoryMiB),
    [1024, 2048, 4096],
  );
});

for (const [what, result] of [
  ['no JSON', 'all went well'],
  ['a result without its files', '{"status":"ok","artifacts":[]}'],
] as const) {
  test(`a job that says it succeeded and leaves ${what} commits nothing`, async () => {
    const { input, id } = await training({ result });
    const failure = await failureOf(start(world, 'trainModel', input, id));
    assert.equal(failure.type, 'JOB_OUTPUT_INVALID');
    assert.equal(await world.trainings.find(input.key), undefined);
  });
}

test('cancelling a training ends its job with all it started, and leaves no manifest', async () => {
  const notes = join(world.env.MILLRACE_HOME, 'cancelled.txt');
  const { input, id } = await training({ notes, lasting: true });
  const handle = await start(world, 'trainModel', input, id, world.plain);
  const pids = await until(async () => pidsIn(notes), 'the job and its child run');
  assert.ok(pids.every(isAlive));
  await handle.cancel();
  await assert.rejects(
    handle.result(),
    (error) => error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure,
  );
  assert.deepEqual(pids.filter(isAlive), []);
  assert.equal(await world.trainings.find(input.key), undefined);
});

function pidsIn(notes: string): number[] | undefined {
  try {
    const pids = readFileSync(notes, 'utf8').trim().split('\n').map(Number);
    return pids.length === 2 ? pids : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    // A process that ended and was not waited for is still listed.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('a worker of another release refuses to train, and names what differs', async () => {
  const model = await newModel(world, {});
  const cases = [
    [{ MILLRACE_TRAINER_DIGEST: 'other' }, /trainer \(requested other, here /, ['trainer']],
    [
      { MILLRACE_TRAINER_DIGEST: 'other', MILLRACE_TRAINER_LOCK_DIGEST: 'new' },
      /lockfile \(requested new, here /,
      ['trainer', 'lockfile'],
    ],
  ] as const;
  for (const [api, text, parts] of cases) {
    const input = await trainInput(world, model, undefined, { ...world.env, ...api });
    const id = workflowId.train(input.key);
    const failure = await failureOf(start(world, 'trainModel', input, id));
    assert.equal(failure.type, 'TRAINING_INPUTS_DIFFER');
    assert.match(failure.message, text);
    const [details] = failure.details as [{ differs: { part: string }[] }];
    assert.deepEqual(
      details.differs.map(({ part }) => part),
      parts,
    );
    assert.equal(await world.trainings.find(input.key), undefined);
    assert.deepEqual(await jobsAskedFor(id), []);
  }
});

test('a training without the parts of its digest is compared as a whole', async () => {
  const model = await newModel(world, {});
  const { parts: _, ...same } = await trainInput(world, model);
  const other = { ...world.env, MILLRACE_TRAINER_DIGEST: 'other' };
  const { parts: __, ...input } = await trainInput(world, model, undefined, other);
  const failure = await failureOf(start(world, 'trainModel', input, workflowId.train(input.key)));
  assert.equal(failure.type, 'TRAINING_INPUTS_DIFFER');
  await run(world, 'trainModel', same, workflowId.train(same.key));
  assert.notEqual(await world.trainings.find(same.key), undefined);
});
