import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { stepsOf } from '#api/workflows/steps.ts';
import { approval, scheduled } from '#test/support/registry.ts';
import { run, start, until, waitsOnTimer } from '#test/support/runs.ts';
import { newModel, putLake, registered, trainInput } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { type LifecycleInput, type LifecycleResult } from '#workflows/contract/messages.ts';
import { signalChanged } from '#workflows/contract/signals.ts';
import { forThisFile } from '#test/support/stores.ts';

// Scores stay in flight until a test lets the worker of scoring come. On a real server, which can list them.
const world = await forThisFile(namespaceWorld(['lifecycle', 'waits', 'jobs', 'features']));
before(() => putLake(world));

const { registry } = world;

test('a lifecycle ends once its predecessor is archived, after the scores that were in flight', async () => {
  const model = await newModel(world, {}, { deploy: { go_live: { after: '1s' } } });
  const pair = await registered(world, model);
  await registry.judge(await approval(registry, pair, 1));
  const first = await scheduled(registry, pair, 1, new Date().toISOString());
  await run(world, 'deployModel', first, workflowId.deploy(pair, 1));
  const { base_digest: configs } = await world.configs.current();
  const ref = { ...pair, version: 1, score_date: '2024-04-20', revision: 1 };
  const scoring = await start(world, 'scoreBatch', { ref, configs }, workflowId.score(ref));

  const input = await trainInput(world, model, '2024-04-01');
  const lifecycle: LifecycleInput = { ...input, requested_by: 'ana' };
  const handle = await start(world, 'modelLifecycle', lifecycle, workflowId.lifecycle(input.key));
  await until(() => waitsOnTimer(handle), 'version 2 waits for approval', 60_000);
  await registry.judge(await approval(registry, pair, 2));
  await signalChanged(world.client, registry, { ...pair, version: 2 });
  await until(async () => (await registry.state(pair)).live?.version === 2, 'version 2 is live', 60_000);
  assert.deepEqual(
    (await registry.state(pair)).ended.map(({ deployment }) => deployment),
    [1],
  );
  assert.equal((await handle.describe()).status.name, 'RUNNING');

  await world.host('scoring');
  const result = (await handle.result()) as LifecycleResult;
  assert.deepEqual([result.version, result.verdict, result.deployment], [2, 'approve', 2]);
  await scoring.result();
  const kinds = (await registry.dossier(pair)).items.map(({ kind }) => kind);
  assert.equal(kinds.at(-1), 'archive_finished');
  assert.deepEqual((await registry.state(pair)).ended, []);

  const steps = stepsOf((await handle.fetchHistory()).events ?? [], {}).map(({ name }) => name);
  assert.deepEqual(
    [...new Set(steps)],
    [
      `Train ${model.name} as of 2024-04-01`,
      `Register ${model.name}`,
      'Read the version',
      'Look at the version again',
      'Wait for deployment 1 to be archived',
    ],
  );
  const archive = world.client.workflow.getHandle(workflowId.archive(pair, 1));
  const { staticSummary } = await archive.describe();
  assert.equal(await staticSummary(), `Archive version 1 of ${model.name}`);
  const { currentDetails } = await archive.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  assert.equal(currentDetails, 'Deployment 1 (version 1) is archived.');
});

test('two lifecycles of one pair that deploy at once take two numbers, and both come to an end', async () => {
  const model = await newModel(world, {}, { deploy: { go_live: { after: '1s' } } });
  const pair = { model: model.name, feature_set: model.feature_set };
  const handles = await Promise.all(
    ['2024-05-01', '2024-04-01'].map(async (asOf) => {
      const input = await trainInput(world, model, asOf);
      const lifecycle: LifecycleInput = { ...input, requested_by: 'ana' };
      return start(world, 'modelLifecycle', lifecycle, workflowId.lifecycle(input.key));
    }),
  );
  await until(() => registry.version(pair, 2).catch(() => undefined), 'both are registered', 60_000);
  await Promise.all([
    registry.judge(await approval(registry, pair, 1)),
    registry.judge(await approval(registry, pair, 2)),
  ]);
  await Promise.all([1, 2].map((version) => signalChanged(world.client, registry, { ...pair, version })));
  const results = (await Promise.all(handles.map((handle) => handle.result()))) as LifecycleResult[];
  assert.deepEqual(
    results.map(({ deployment }) => deployment).toSorted((a, b) => (a ?? 0) - (b ?? 0)),
    [1, 2],
  );
  assert.deepEqual(
    results.map(({ version }) => version).toSorted((a, b) => a - b),
    [1, 2],
  );
});
