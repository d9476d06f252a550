import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { isAbsence } from '#platform/local-files.ts';
import { admittedJobs, licences } from '#platform/jobs/job-licences.ts';
import { jobsOf } from '#platform/jobs/job-records.ts';
import { findProcess } from '#platform/jobs/process/process-table.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { TrainingSummary, TrainInput } from '#workflows/contract/messages.ts';
import { newMachine } from '#test/support/machines.ts';
import { run, start, until } from '#test/support/runs.ts';
import { newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';

const world = await namespaceWorld(['lifecycle', 'waits', 'features']);
after(() => world[Symbol.asyncDispose]());
before(() => putLake(world));

interface Training {
  readonly input: TrainInput;
  readonly id: string;
  readonly letJobsEnd: () => void;
  /** Pids of the jobs that have begun. */
  readonly pids: (atLeast: number) => Promise<readonly number[]>;
}

async function newTraining(): Promise<Training> {
  const name = join(world.env.MILLRACE_HOME, randomUUID());
  const [mayEnd, notes] = [`${name}-may-end`, `${name}-notes`];
  const input = await trainInput(world, await newModel(world, { waitsFor: mayEnd, notes }));
  return {
    input,
    id: workflowId.train(input.key),
    letJobsEnd: () => writeFileSync(mayEnd, ''),
    pids: (atLeast) =>
      until(
        async () => {
          const found = linesOf(notes).map(Number);
          return found.length >= atLeast && found;
        },
        `${atLeast} jobs have begun`,
        60_000,
      ),
  };
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

const begin = ({ input, id }: Training): Promise<WorkflowHandle> =>
  start(world, 'trainModel', input, id, world.plain);

async function isGone(pid: number): Promise<boolean> {
  const found = await findProcess(pid);
  return found === undefined || found.defunct;
}

async function untilGone(pid: number, patienceMs = 30_000): Promise<void> {
  await until(() => isGone(pid), `process ${pid} ends`, patienceMs);
}

async function nothingIsAdmitted(): Promise<void> {
  await until(async () => (await licences(world.table)).items.length === 0, 'all licences are given back');
  assert.equal((await admittedJobs(world.table)).in_all, 0);
}

/** Back to the first task of the workflow, so that it takes every step again. */
async function reset({ workflowId: id }: WorkflowHandle): Promise<void> {
  const { workflowService } = world.plain;
  await workflowService.resetWorkflowExecution({
    namespace: world.env.MILLRACE_TEMPORAL_NAMESPACE,
    workflowExecution: { workflowId: id },
    reason: 'test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: 4 as never,
  });
}

test('adopts the job of a workflow that is reset to its beginning', async () => {
  await using machine = await newMachine(world.env);
  await machine.start();
  const training = await newTraining();
  const handle = await begin(training);
  const [pid = 0] = await training.pids(1);
  await reset(handle);
  await until(async () => {
    const { events } = await world.plain.workflow.getHandle(training.id).fetchHistory();
    const begun = events?.filter(
      ({ activityTaskScheduledEventAttributes: scheduled }) =>
        scheduled?.activityType?.name === 'runTrainingJob',
    );
    return begun?.length === 1;
  }, 'the workflow asks for its job again');
  // The worker that watched for the run before hears that it is gone, and leaves the job to the run after.
  await sleep(8_000);
  assert.equal(await isGone(pid), false);
  training.letJobsEnd();
  const result = (await world.plain.workflow.getHandle(training.id).result()) as TrainingSummary;
  assert.deepEqual(await world.trainings.find(training.input.key), result);
  assert.equal((await jobsOf(world.table, training.id)).length, 1);
  assert.deepEqual(await training.pids(1), [pid]);
  await nothingIsAdmitted();
});

test('ends the job of a workflow that is terminated, and not the job of the same training begun anew', async () => {
  await using machine = await newMachine(world.env);
  await machine.start();
  const training = await newTraining();
  const first = await begin(training);
  const [old = 0] = await training.pids(1);
  await first.terminate('test');
  const second = await begin(training);
  const [, fresh = 0] = await training.pids(2);
  await untilGone(old);
  const jobs = await jobsOf(world.table, training.id);
  assert.equal(new Set(jobs.map(({ handle }) => handle.key)).size, 2);
  assert.equal(await isGone(fresh), false);
  training.letJobsEnd();
  await second.result();
  await nothingIsAdmitted();
});

test('starts a new job when a terminated workflow is reset', async () => {
  await using machine = await newMachine(world.env);
  await machine.start();
  const training = await newTraining();
  const first = await begin(training);
  const [old = 0] = await training.pids(1);
  await first.terminate('test');
  await untilGone(old);
  await reset(first);
  await training.pids(2);
  training.letJobsEnd();
  await world.plain.workflow.getHandle(training.id).result();
  await nothingIsAdmitted();
});

test('ends the job of a terminated workflow that no worker watches, by the sweep and its machine', async () => {
  await using machine = await newMachine(world.env);
  await machine.start();
  const training = await newTraining();
  const handle = await begin(training);
  const [pid = 0] = await training.pids(1);
  await machine.killWorker();
  await run(world, 'reconcileRegistry', null);
  assert.equal((await licences(world.table)).items.length, 1, 'a running workflow keeps its licence');
  await handle.terminate('test');
  await run(world, 'reconcileRegistry', null);
  await nothingIsAdmitted();
  assert.equal(await isGone(pid), false);
  await machine.start();
  await untilGone(pid);
  await until(async () => (await machine.runningJobs()).length === 0, 'the machine has no job');
});
