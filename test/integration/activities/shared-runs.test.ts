import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { ensureRun } from '#activities/shared-runs.ts';
import { freshNamespace } from '#test/support/temporal.ts';
import { forThisFile } from '#test/support/stores.ts';

const { temporal } = await forThisFile(freshNamespace());

/** Nobody hosts the queue, so the run never ends. */
const options = { taskQueue: 'nobody', workflowId: 'shared', args: [] };

async function turn(heartbeatDetails?: unknown) {
  const environment = new MockActivityEnvironment({ heartbeatDetails });
  const told: unknown[] = [];
  environment.on('heartbeat', (details) => told.push(details));
  const failure: unknown = await environment
    .run(() => ensureRun(temporal, 'endless', options, 300))
    .catch((error: unknown) => error);
  return { failure, told: told.at(-1) };
}

test('a waiter gives its slot back after its turn, and joins the same run in the next', async () => {
  const first = await turn();
  assert.ok(first.failure instanceof ApplicationFailure);
  assert.equal(first.failure.type, 'SHARED_RUN_UNDER_WAY');
  assert.notEqual(first.failure.nonRetryable, true);
  const { runId } = await temporal.workflow.getHandle('shared').describe();
  assert.deepEqual(first.told, { waiting_for: 'shared', run_id: runId });

  await temporal.workflow.getHandle('shared').terminate('it ends between two turns');
  const { failure } = await turn(first.told);
  assert.equal((failure as { code?: string }).code, 'SHARED_RUN_FAILED');
  assert.equal(
    (await temporal.workflow.getHandle('shared').describe()).runId,
    runId,
    'no other run was started',
  );
});
