import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { CancelledFailure, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { definitionDigest } from '#features/definition.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import { featureSet, type FeatureSetParts } from '#test/support/feature-configs.ts';
import { failureOf, run, start, until } from '#test/support/runs.ts';
import { applyDocuments, newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { skippingWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { PartitionSummary } from '#features/partitions/partition-summary.ts';
import type { MaterialiseInput } from '#workflows/contract/messages.ts';
import { forThisFile } from '#test/support/stores.ts';

// Partitions are built once a test lets the worker of features come.
const world = await forThisFile(skippingWorld(['lifecycle', 'waits', 'jobs']));
before(() => putLake(world));

const STARTED = 2;

async function partition(parts: FeatureSetParts, dt = '2024-03-01'): Promise<MaterialiseInput> {
  const set = featureSet(parts);
  const digest = await applyDocuments(world, set);
  const { configs } = await world.configs.at(digest);
  const ref: PartitionRef = {
    feature_set: set.name,
    definition_digest: definitionDigest(set, configs),
    dt,
    revision: 1,
  };
  return { ref, configs: digest };
}

const isCancelled = (error: unknown): boolean =>
  error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure;

async function stepIsUnderWay(handle: WorkflowHandle, activity: string): Promise<boolean> {
  const { raw } = await handle.describe();
  return (raw.pendingActivities ?? []).some(
    ({ activityType, state }) => activityType?.name === activity && Number(state) === STARTED,
  );
}

test('two trainings share the building of a partition; cancelling one that waits cancels nothing', async () => {
  const inputs = [
    await trainInput(world, await newModel(world)),
    await trainInput(world, await newModel(world)),
  ];
  const [ref] = inputs[0]?.partitions ?? [];
  assert.ok(ref !== undefined && inputs[1]?.partitions[0]?.dt === ref.dt);
  const handles = await Promise.all(
    inputs.map((input) => start(world, 'trainModel', input, workflowId.train(input.key), world.plain)),
  );
  const [cancelled, other] = handles;
  assert.ok(cancelled !== undefined && other !== undefined);
  for (const handle of handles)
    await until(() => stepIsUnderWay(handle, 'ensurePartition'), 'both trainings wait for the partition');

  await cancelled.cancel();
  await assert.rejects(cancelled.result(), isCancelled);
  const building = world.plain.workflow.getHandle(workflowId.materialise(ref));
  assert.equal((await building.describe()).status.name, 'RUNNING');

  await world.host('features');
  await other.result();
  const { built_by } = await world.partitions.get(ref);
  assert.deepEqual(built_by, {
    workflow_id: workflowId.materialise(ref),
    run_id: (await building.describe()).runId,
  });
});

test('a partition asked for twice is built once', async () => {
  const input = await partition({ name: 'twice' });
  const id = workflowId.materialise(input.ref);
  const first = await run<PartitionSummary>(world, 'materialiseFeatures', input, id);
  assert.equal(first.rows, 20);
  assert.deepEqual(await run(world, 'materialiseFeatures', input, id), first);
});

test('builds the partition of the month first that a date within the month reads', async () => {
  const monthly = await partition({ name: 'months' }, '2024-03-01');
  const set = featureSet({
    name: 'days',
    sources: [],
    feature_sets: ['months'],
    sql: 'SELECT account, credit FROM {{ features.months }}',
    features: { credit: 'double' },
    partition: { grain: 'day', start: '2024-03-01', max_staleness: '3d' },
  });
  const digest = await applyDocuments(world, featureSet({ name: 'months' }), set);
  const { configs } = await world.configs.at(digest);
  const refs = ['2024-03-19', '2024-03-20'].map((dt) => ({
    feature_set: set.name,
    definition_digest: definitionDigest(set, configs),
    dt,
    revision: 1,
  }));
  assert.equal(await world.partitions.find(monthly.ref), undefined);
  const handles = await Promise.all(
    refs.map((ref) =>
      start(world, 'materialiseFeatures', { ref, configs: digest }, workflowId.materialise(ref), world.plain),
    ),
  );
  const built: PartitionSummary[] = await Promise.all(handles.map((handle) => handle.result()));
  assert.deepEqual(
    built.map(({ rows }) => rows),
    [20, 20],
  );
  const { built_by } = await world.partitions.get(monthly.ref);
  assert.equal(built_by.workflow_id, workflowId.materialise(monthly.ref));
});

test('a check that fails is final, commits nothing, and whoever shared the run gets the same code', async () => {
  const check = { expect_column_values_to_be_between: { column: 'credit', max_value: 150 } };
  const input = await partition({ name: 'picky', checks: [check] }, '2024-04-01');
  const handle = await start(world, 'materialiseFeatures', input);
  assert.equal((await failureOf(handle)).type, 'CHECK_FAILED');
  const tried = (await handle.fetchHistory()).events?.flatMap(
    ({ activityTaskStartedEventAttributes: started }) => started?.attempt ?? [],
  );
  assert.ok(tried?.every((attempt) => attempt === 1));
  assert.equal(await world.partitions.find(input.ref), undefined);

  const training = await trainInput(world, await newModel(world, {}, { set: 'picky' }));
  const failure = await failureOf(start(world, 'trainModel', training));
  assert.equal(failure.type, 'CHECK_FAILED');
  assert.match(failure.message, /^materialise\/picky\//);
});

test('a warning of a check does not stop the commit and is told', async () => {
  const check = {
    expect_column_values_to_be_between: { column: 'credit', max_value: 150, severity: 'warn' },
  };
  const input = await partition({ name: 'lenient', checks: [check] });
  const { warnings } = await run<PartitionSummary>(world, 'materialiseFeatures', input);
  assert.deepEqual(warnings, ['expect_column_values_to_be_between (credit)']);
});

test('cancelling interrupts the query that runs, and leaves no partition', async () => {
  const many = ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
    (name) => `CROSS JOIN {{ sources.accounts }} AS ${name}`,
  );
  const input = await partition({
    name: 'endless',
    sql: `SELECT a.account, a.credit, 1.0 * SUM(b.credit * h.credit) AS paid, 1 AS payments FROM {{ sources.accounts }} AS a ${many.join(' ')} GROUP BY a.account, a.credit`,
  });
  const handle = await start(world, 'materialiseFeatures', input, undefined, world.plain);
  await until(() => stepIsUnderWay(handle, 'buildPartition'), 'the query runs');
  await handle.cancel();
  await assert.rejects(handle.result(), isCancelled);
  assert.equal(await world.partitions.find(input.ref), undefined);
});

test('a plain bug in an activity fails the workflow at once instead of being tried for ever', async () => {
  const failure = await failureOf(start(world, 'materialiseFeatures', { ref: null }));
  assert.equal(failure.type, 'INTERNAL');
  assert.match(failure.message, /Cannot (destructure|read)/);
});
