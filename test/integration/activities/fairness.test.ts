import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { Context } from '@temporalio/activity';
import { NativeConnection, Worker } from '@temporalio/worker';
import { polledQueue } from '#api/workers/polled-queue.ts';
import { readEnvironment } from '#configs/environment.ts';
import { TOOLS } from '#local/tools.ts';
import { temporalAddress } from '#platform/temporal/connection.ts';
import { forThisFile } from '#test/support/stores.ts';
import { until } from '#test/support/runs.ts';
import { freshNamespace } from '#test/support/temporal.ts';
import { workflowBundle } from '#workers/bundle.ts';
import { TASK_QUEUES, workflowId } from '#workflows/contract/ids.ts';
import { PRIORITIES } from '#workflows/contract/priorities.ts';

const { temporal, namespace } = await forThisFile(freshNamespace());

const SLOTS = 4;
const JOB_MS = 300;
const BURST = 200;

interface Job {
  readonly team: string;
  readonly queuedAt: number;
  readonly startedAt: number;
}

/** Workers as in production, whose builds of partitions take the time of a job and note when they start. */
async function workers(started: Job[]) {
  const connection = await NativeConnection.connect(temporalAddress(readEnvironment()));
  const shared = { connection, namespace };
  const activities = {
    findPartition: () => Promise.resolve(null),
    upstreamPartitions: () => Promise.resolve([]),
    async buildPartition({ configs: team }: { readonly configs: string }) {
      const { scheduledTimestampMs: queuedAt } = Context.current().info;
      started.push({ team, queuedAt, startedAt: Date.now() });
      await sleep(JOB_MS);
      return { rows: 1, manifest_key: '', warnings: [] };
    },
  };
  const lifecycle = await Worker.create({
    ...shared,
    taskQueue: TASK_QUEUES.lifecycle,
    activities,
    workflowBundle: await workflowBundle(join(TOOLS, 'bundle')),
  });
  const features = await Worker.create({
    ...shared,
    taskQueue: TASK_QUEUES.features,
    activities,
    maxConcurrentActivityTaskExecutions: SLOTS,
  });
  const runs: Promise<void>[] = [lifecycle.run()];
  return {
    /** The burst is queued before anybody works on it. */
    begin: () => runs.push(features.run()),
    async [Symbol.asyncDispose]() {
      lifecycle.shutdown();
      if (features.getState() === 'RUNNING') features.shutdown();
      await Promise.all(runs);
      await connection.close();
    },
  };
}

/** Starts a build for a team, as the platform's client labels it. */
async function build(team: string, priorityKey: number): Promise<void> {
  const definition_digest = randomUUID().replaceAll('-', '');
  const ref = { feature_set: 'burst', definition_digest, dt: '2024-01-01', revision: 1 };
  await temporal.workflow.start('materialiseFeatures', {
    taskQueue: TASK_QUEUES.lifecycle,
    workflowId: workflowId.materialise(ref),
    args: [{ ref, configs: team }],
    priority: { priorityKey, fairnessKey: team },
  });
}

/** How many builds are queued behind the slots. */
async function queued(): Promise<number> {
  return (await polledQueue(temporal, TASK_QUEUES.features)).backlog;
}

test('a single job of one team waits for at most one of the 200 that another team has queued', async () => {
  const started: Job[] = [];
  await using hosted = await workers(started);
  for (let from = 0; from < BURST; from += 20)
    await Promise.all(Array.from({ length: 20 }, () => build('many', PRIORITIES.training)));
  for (const deadline = Date.now() + 60_000; (await queued()) < BURST; await sleep(100))
    assert.ok(Date.now() < deadline, 'all of the burst is queued');
  hosted.begin();
  while (started.length < 3 * SLOTS) await sleep(20);
  await build('single', PRIORITIES.training);
  const single = await until(
    () => Promise.resolve(started.find(({ team }) => team === 'single')),
    'it starts',
  );
  const before = started.filter(
    ({ startedAt }) => startedAt > single.queuedAt && startedAt < single.startedAt,
  );
  const waitedMs = single.startedAt - single.queuedAt;
  console.log(
    `started after ${waitedMs} ms, behind ${before.length} of ${BURST - started.length} in the queue`,
  );
  assert.ok(started.length < BURST / 2, 'most of the burst is still queued');
  // What had been handed out already, and the one whose turn it was: no more than the slots take at once.
  assert.ok(before.length <= SLOTS, `behind ${before.length}`);
});
