import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { awaitEnds, createSharedRunActivities, ensureRun } from '#activities/shared-runs.ts';
import { until } from '#test/support/runs.ts';
import { freshNamespace } from '#test/support/temporal.ts';
import { forThisFile } from '#test/support/stores.ts';

const { temporal, namespace } = await forThisFile(freshNamespace());

/** Nobody hosts the queue, so the run never ends. */
const optionsOf = (workflowId: string) => ({ taskQueue: 'nobody', workflowId, args: [] });

interface Turn {
  readonly heartbeatDetails?: unknown;
  readonly find?: () => Promise<unknown>;
  readonly turnMs?: number;
}

async function turn(workflowId: string, { heartbeatDetails, find, turnMs = 300 }: Turn = {}) {
  const environment = new MockActivityEnvironment({ heartbeatDetails });
  const told: unknown[] = [];
  environment.on('heartbeat', (details) => told.push(details));
  const outcome: unknown = await environment
    .run(() =>
      ensureRun(temporal, 'endless', optionsOf(workflowId), {
        turnMs,
        ...(find === undefined ? {} : { find }),
      }),
    )
    .catch((error: unknown) => error);
  return { outcome, told: told.at(-1) };
}

function runIdOf(workflowId: string): Promise<string | undefined> {
  return temporal.workflow
    .getHandle(workflowId)
    .describe()
    .then(({ runId }) => runId)
    .catch(() => undefined);
}

/** As the end of its retention does; one that runs is deleted at once, one that has ended half a minute later. */
async function forget(workflowId: string): Promise<void> {
  const runId = (await runIdOf(workflowId)) ?? assert.fail('there is no run');
  await temporal.workflowService.deleteWorkflowExecution({
    namespace,
    workflowExecution: { workflowId, runId },
  });
  await until(async () => (await runIdOf(workflowId)) === undefined, 'Temporal has forgotten the run');
}

test('a waiter gives its slot back after its turn, and joins the same run in the next', async () => {
  const first = await turn('shared');
  assert.ok(first.outcome instanceof ApplicationFailure);
  assert.equal(first.outcome.type, 'SHARED_RUN_UNDER_WAY');
  assert.notEqual(first.outcome.nonRetryable, true);
  const runId = await runIdOf('shared');
  assert.deepEqual(first.told, { waiting_for: 'shared', run_id: runId });

  await temporal.workflow.getHandle('shared').terminate('it ends between two turns');
  const { outcome } = await turn('shared', { heartbeatDetails: first.told, turnMs: 5_000 });
  assert.equal((outcome as { code?: string }).code, 'SHARED_RUN_FAILED');
  assert.equal(await runIdOf('shared'), runId, 'no other run was started');
});

test('joins the run that has taken the place of the terminated one, as after a reset', async () => {
  const first = await turn('replaced');
  await temporal.workflow.getHandle('replaced').terminate('a reset does this first');
  const { firstExecutionRunId } = await temporal.workflow.start('endless', optionsOf('replaced'));
  const { outcome, told } = await turn('replaced', { heartbeatDetails: first.told, turnMs: 8_000 });
  assert.equal((outcome as ApplicationFailure).type, 'SHARED_RUN_UNDER_WAY');
  assert.deepEqual(told, { waiting_for: 'replaced', run_id: firstExecutionRunId });
});

test('looks for the committed result in each turn, and asks Temporal nothing if it is there', async () => {
  const first = await turn('committed');
  const runId = await runIdOf('committed');
  const { outcome } = await turn('committed', {
    heartbeatDetails: first.told,
    find: () => Promise.resolve('the result'),
  });
  assert.equal(outcome, 'the result');
  assert.equal(await runIdOf('committed'), runId);
});

test('starts a run again that Temporal has forgotten between two turns', async () => {
  const first = await turn('forgotten');
  await forget('forgotten');
  const second = await turn('forgotten', { heartbeatDetails: first.told, turnMs: 3_000 });
  assert.equal((second.outcome as ApplicationFailure).type, 'SHARED_RUN_UNDER_WAY');
  const runId = (await runIdOf('forgotten')) ?? assert.fail('no run was started');
  assert.deepEqual(second.told, { waiting_for: 'forgotten', run_id: runId });
  assert.notDeepEqual(second.told, first.told);
});

test('finds the result of a run that ended and was forgotten between two turns', async () => {
  const first = await turn('ended');
  await forget('ended');
  let looks = 0;
  // Committed between the look at the beginning of the turn and the question to Temporal.
  const find = (): Promise<unknown> => Promise.resolve((looks += 1) > 1 ? 'the result' : undefined);
  const { outcome } = await turn('ended', { heartbeatDetails: first.told, find, turnMs: 10_000 });
  assert.equal(outcome, 'the result');
  assert.equal(await runIdOf('ended'), undefined, 'no run was started');
});

test('tells a waiter for a run that was started elsewhere that Temporal does not know it', async () => {
  const activities = createSharedRunActivities({ client: temporal });
  const environment = new MockActivityEnvironment();
  const failure = await environment
    .run(() => activities.awaitRun('unknown'))
    .catch((error: unknown) => error);
  assert.equal((failure as { code?: string }).code, 'WORKFLOW_NOT_FOUND');
});

test('starts a run again that is deleted while a waiter waits for it', async () => {
  const waiting = turn('deleted', { turnMs: 6_000 });
  const before = await until(() => runIdOf('deleted'), 'the run is there');
  await forget('deleted');
  const { outcome } = await waiting;
  assert.equal((outcome as ApplicationFailure).type, 'SHARED_RUN_UNDER_WAY');
  const runId = await runIdOf('deleted');
  assert.ok(runId !== undefined && runId !== before);
});

test('who only waits for the ends of runs gives the slot back, too, and takes any end', async () => {
  const { firstExecutionRunId: runId } = await temporal.workflow.start('endless', optionsOf('over'));
  async function* runs() {
    yield* [
      { workflowId: 'unknown', runId },
      { workflowId: 'over', runId },
    ];
  }
  const wait = (turnMs: number) =>
    new MockActivityEnvironment()
      .run(() => awaitEnds(temporal, runs, turnMs))
      .catch((error: unknown) => error);
  const first = await wait(1_000);
  assert.ok(first instanceof ApplicationFailure);
  assert.equal(first.type, 'SHARED_RUN_UNDER_WAY');
  const second = wait(10_000);
  await temporal.workflow.getHandle('over').terminate();
  assert.equal(await second, undefined);
});
