import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { WorkflowHandle } from '@temporalio/client';
import type { ModelConfig } from '#configs/model.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { approval, deploymentOf, deploymentsOf } from '#test/support/registry.ts';
import { run, start, until, waitsOnTimer } from '#test/support/runs.ts';
import { newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { LifecycleInput, LifecycleResult } from '#workflows/contract/messages.ts';
import { callReconciler, signalChanged } from '#workflows/contract/signals.ts';
import { forThisFile } from '#test/support/stores.ts';

/** Activities of pairs that are kept from their work until released. */
const held = new Map<string, PromiseWithResolvers<void>>();
const holdKey = (pair: Pair, activity: string) => `${pairKey(pair)} ${activity}`;

const world = await forThisFile(
  namespaceWorld(undefined, async (name, work, input) => {
    const { pair, key } = (input ?? {}) as { readonly pair?: Pair; readonly key?: Pair };
    const of = pair ?? key;
    if (of !== undefined) await held.get(holdKey(of, name))?.promise;
    return work();
  }),
);
before(() => putLake(world));
const { registry, client } = world;
const PAST = '2026-01-02T00:00:00.000Z';

interface Life {
  readonly handle: WorkflowHandle;
  readonly pair: Pair;
  /** The one command by which the life goes on: the same lifecycle, started again. */
  readonly again: () => Promise<LifecycleResult>;
}

async function begin(model: ModelConfig): Promise<Life> {
  const input = await trainInput(world, model);
  const lifecycle: LifecycleInput = { ...input, requested_by: 'ana' };
  const id = workflowId.lifecycle(input.key);
  const pair = { model: model.name, feature_set: model.feature_set };
  const again = async () => run<LifecycleResult>(world, 'modelLifecycle', lifecycle, id);
  return { handle: await start(world, 'modelLifecycle', lifecycle, id), pair, again };
}

function hold(pair: Pair, activity: string): PromiseWithResolvers<void> {
  const gate = Promise.withResolvers<void>();
  held.set(holdKey(pair, activity), gate);
  return gate;
}

async function isIn(id: string, activity: string): Promise<boolean> {
  const { raw } = await client.workflow.getHandle(id).describe();
  return (raw.pendingActivities ?? []).some(({ activityType }) => activityType?.name === activity);
}

const soon = { deploy: { go_live: { after: '1s' } } };

async function approve(pair: Pair): Promise<void> {
  await registry.judge(await approval(registry, pair, 1));
  await signalChanged(client, registry, { ...pair, version: 1 });
}

/** One version, one deployment, live. */
async function assertOnce(pair: Pair, result: LifecycleResult): Promise<void> {
  assert.deepEqual([result.version, result.verdict, result.deployment], [1, 'approve', 1]);
  const { last_version, live } = await registry.state(pair);
  assert.deepEqual([last_version, live?.version], [1, 1]);
  assert.equal((await deploymentsOf(registry, pair)).length, 1);
}

describe(
  'a lifecycle terminated in Temporal goes on with the same command, and makes nothing twice',
  { concurrency: 5 },
  () => {
    test('while its job runs', async () => {
      const opened = join(world.env.MILLRACE_HOME, 'open');
      const model = await newModel(world, { waitsFor: opened }, soon);
      const { handle, pair, again } = await begin(model);
      const train = handle.workflowId.replace('lifecycle/', 'train/');
      await until(async () => isIn(train, 'runTrainingJob').catch(() => false), 'its job runs', 60_000);
      await handle.terminate('by hand');
      await until(
        async () => (await client.workflow.getHandle(train).describe()).status.name !== 'RUNNING',
        'its training has ended',
        60_000,
      );
      writeFileSync(opened, '');
      const result = again();
      await until(() => registry.stage(pair, 1).catch(() => undefined), 'it is registered', 90_000);
      await approve(pair);
      await assertOnce(pair, await result);
    });

    test('while it registers its version', async () => {
      const model = await newModel(world, {}, soon);
      const pair = { model: model.name, feature_set: model.feature_set };
      const gate = hold(pair, 'commitVersion');
      const { handle, again } = await begin(model);
      const register = handle.workflowId.replace('lifecycle/', 'register/');
      await until(async () => isIn(register, 'commitVersion').catch(() => false), 'it registers', 90_000);
      await handle.terminate('by hand');
      const result = again();
      gate.resolve();
      await until(() => registry.stage(pair, 1).catch(() => undefined), 'it is registered', 90_000);
      await approve(pair);
      await assertOnce(pair, await result);
    });

    test('while it registers its version, cancelled and not terminated: nothing is deployed by a later approval', async () => {
      const model = await newModel(world, {}, soon);
      const pair = { model: model.name, feature_set: model.feature_set };
      const gate = hold(pair, 'commitVersion');
      const { handle } = await begin(model);
      const register = handle.workflowId.replace('lifecycle/', 'register/');
      await until(async () => isIn(register, 'commitVersion').catch(() => false), 'it registers', 90_000);
      await handle.cancel();
      gate.resolve();
      await assert.rejects(handle.result());
      assert.equal((await registry.stage(pair, 1)).order, undefined);
      await approve(pair);
      assert.deepEqual((await registry.state(pair)).to_deploy, []);
    });

    test('while its version waits: the approval deploys it all the same', async () => {
      const { handle, pair, again } = await begin(await newModel(world, {}, soon));
      await until(() => waitsOnTimer(handle), 'the version waits for approval', 90_000);
      await handle.terminate('by hand');
      await approve(pair);
      await until(async () => (await registry.state(pair)).live !== null, 'it is live', 60_000);
      await assertOnce(pair, await again());
    });

    test('while its deployment is scheduled, together with the workflow that waits for it', async () => {
      const { handle, pair, again } = await begin(
        await newModel(world, {}, { deploy: { go_live: { after: '5s' } } }),
      );
      await until(() => waitsOnTimer(handle), 'the version waits for approval', 90_000);
      await approve(pair);
      await until(async () => (await registry.state(pair)).scheduled.length === 1, 'it is scheduled', 60_000);
      await handle.terminate('by hand');
      const deploy = client.workflow.getHandle(workflowId.deploy(pair, 1));
      await until(() => deploy.describe().catch(() => undefined), 'a workflow waits');
      await deploy.terminate('by hand');
      const { live_at } = await registry.deployment(pair, 1);
      await until(async () => Date.now() > Date.parse(live_at), 'it is due');
      await run(world, 'reconcileRegistry', null);
      await assertOnce(pair, await again());
    });

    test('while its predecessor is being archived, together with the workflow that does it', async () => {
      const { handle, pair, again } = await begin(await newModel(world, {}, soon));
      await until(() => waitsOnTimer(handle), 'the version waits for approval', 90_000);
      await approve(pair);
      await assertOnce(pair, (await handle.result()) as LifecycleResult);
      const gate = hold(pair, 'finishScoresInFlight');
      await registry.schedule(deploymentOf(pair, 2, 1, PAST));
      await callReconciler(client, pair);
      const id = workflowId.archive(pair, 1);
      await until(
        async () => isIn(id, 'finishScoresInFlight').catch(() => false),
        'it is being archived',
        60_000,
      );
      await client.workflow.getHandle(id).terminate('by hand');
      gate.resolve();
      held.clear();
      await run(world, 'repairPair', { pair }, workflowId.repair(pair));
      await until(async () => (await registry.state(pair)).ended.length === 0, 'it is archived', 60_000);
      assert.equal((await again()).deployment, 2);
    });

    test('a reconciler: the sweep calls another one', async () => {
      const { handle, pair } = await begin(await newModel(world, {}, soon));
      await until(() => waitsOnTimer(handle), 'the version waits for approval', 90_000);
      const gate = hold(pair, 'deployApproved');
      await approve(pair);
      const id = workflowId.reconcile(pair);
      await until(async () => isIn(id, 'deployApproved').catch(() => false), 'it deploys', 60_000);
      await client.workflow.getHandle(id).terminate('by hand');
      gate.resolve();
      await run(world, 'reconcileRegistry', null);
      await assertOnce(pair, (await handle.result()) as LifecycleResult);
    });
  },
);
