import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Context } from '@temporalio/activity';
import type { Priority } from '@temporalio/common';
import { parseWorkflowId, scheduleId, TASK_QUEUES, workflowId } from '#workflows/contract/ids.ts';
import { SIGNALS, type BackfillInput } from '#workflows/contract/messages.ts';
import { PRIORITIES, PRIORITY_OF } from '#workflows/contract/priorities.ts';
import { SEARCH_ATTRIBUTES } from '#workflows/contract/search-attributes.ts';
import { approval } from '#test/support/registry.ts';
import { start, until } from '#test/support/runs.ts';
import { applyDocuments, newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';
import { forThisFile } from '#test/support/stores.ts';

/** Of every activity that was queued for work or for waiting. */
const activities: { readonly id: string; readonly name: string; readonly priority: Priority }[] = [];

const world = await forThisFile(
  namespaceWorld(undefined, (name, run) => {
    const { workflowExecution, priority = {}, taskQueue } = Context.current().info;
    // One that starts at once on its workflow's own worker has been in no queue, and is told no priority.
    if (taskQueue !== TASK_QUEUES.lifecycle)
      activities.push({ id: workflowExecution?.workflowId ?? '', name, priority });
    return run();
  }),
);
const { client, plain, registry } = world;
before(() => putLake(world));

const TEAM = 'night-shift';

/** A model of a team of its own. */
async function teamModel(priority = 3) {
  const model = await newModel(world, {}, { deploy: { go_live: { after: '1s' }, scheduler: 'temporal' } });
  const owned = { ...model, owner: TEAM, resources: { ...model.resources, priority } };
  await applyDocuments(world, owned);
  return owned;
}

/** Every run of the namespace: its priority and labels, by id. */
async function allRuns() {
  const runs = new Map<string, { readonly priority: Priority; readonly labels: Record<string, unknown> }>();
  for await (const { workflowId: id, runId } of client.workflow.list()) {
    const { raw, typedSearchAttributes } = await client.workflow.getHandle(id, runId).describe();
    const { priorityKey, fairnessKey } = raw.workflowExecutionInfo?.priority ?? {};
    const labels = Object.fromEntries(
      typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    runs.set(id, { priority: { priorityKey: priorityKey ?? 0, fairnessKey: fairnessKey ?? '' }, labels });
  }
  return runs;
}

test('every run and activity of a life has the priority of its kind and the team that owns the model', async () => {
  const model = await teamModel();
  const pair = { model: model.name, feature_set: model.feature_set };
  const input = await trainInput(world, model);
  const life = await start(world, 'modelLifecycle', input, workflowId.lifecycle(input.key), plain);
  await until(() => registry.version(pair, 1).catch(() => undefined), 'the version is registered', 90_000);
  await registry.judge(await approval(registry, pair, 1));
  await life.signal(SIGNALS.versionChanged);
  await life.result();
  await until(async () => (await registry.state(pair)).emitted !== null, 'the schedule is written');
  const schedule = client.schedule.getHandle(scheduleId.score(pair));
  await schedule.backfill({
    start: new Date('2024-04-20T00:00:00Z'),
    end: new Date('2024-04-20T23:00:00Z'),
    overlap: 'ALLOW_ALL',
  });
  const { base_digest: configs } = await world.configs.current();
  const backfill: BackfillInput = {
    pair,
    version: 1,
    configs,
    from: '2024-04-22',
    to: '2024-04-22',
    done: 0,
    failed: { count: 0, first: null, dates: [] },
  };
  const id = workflowId.backfill(pair, 1, '2024-04-22', '2024-04-22');
  await (await start(world, 'backfillScores', backfill, id, plain)).result();
  await until(async () => (await world.scores.list(pair)).length === 2, 'both days are scored', 60_000);

  const runs = await allRuns();
  const setOwner = (await world.configs.current()).configs.featureSets.get(pair.feature_set)?.owner;
  const kinds = new Set<string>();
  for (const [run, { priority, labels }] of runs) {
    const subject = parseWorkflowId(run);
    if (subject === undefined) continue;
    kinds.add(subject.kind);
    const isPair = 'pair' in subject;
    const team = isPair ? TEAM : setOwner;
    // A child has the key of its parent.
    const key = run.includes('/2024-04-22/') ? PRIORITIES.backfill : PRIORITY_OF[subject.kind];
    assert.deepEqual(priority, { priorityKey: key, fairnessKey: team }, run);
    assert.equal(labels[SEARCH_ATTRIBUTES.team.name], team, run);
    assert.equal(labels[SEARCH_ATTRIBUTES.featureSet.name], pair.feature_set, run);
    if (isPair) assert.equal(labels[SEARCH_ATTRIBUTES.model.name], pair.model, run);
  }
  assert.deepEqual([...kinds].toSorted(), [
    'backfill',
    'deploy',
    'lifecycle',
    'materialise',
    'reconcile',
    'register',
    'score',
    'train',
  ]);
  const [tick] = [...runs].find(([run]) => run.startsWith(scheduleId.score(pair))) ?? [];
  assert.deepEqual(runs.get(tick ?? '')?.priority, { priorityKey: PRIORITIES.scores, fairnessKey: TEAM });
  assert.equal(runs.get(tick ?? '')?.labels[SEARCH_ATTRIBUTES.team.name], TEAM);
  // Activities inherit from their workflow.
  assert.ok(activities.length > 5);
  for (const { id: run, name, priority } of activities) {
    const { priorityKey, fairnessKey } = runs.get(run)?.priority ?? assert.fail(run);
    assert.deepEqual(
      [priority.priorityKey, priority.fairnessKey],
      [priorityKey, fairnessKey],
      `${run} ${name}`,
    );
  }
});

test('a model chooses the priority of its trainings, and what they ensure is as urgent', async () => {
  const model = await teamModel(5);
  const input = await trainInput(world, model, '2024-06-05');
  const id = workflowId.train(input.key);
  await (await start(world, 'trainModel', input, id, plain)).result();
  const runs = await allRuns();
  assert.equal(runs.get(id)?.priority.priorityKey, 5);
  const [fresh] = input.partitions.filter(({ dt }) => dt === '2024-05-01');
  assert.equal(
    runs.get(workflowId.materialise(fresh ?? assert.fail('no partition')))?.priority.priorityKey,
    5,
  );
});
