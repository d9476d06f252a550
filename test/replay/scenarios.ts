import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { callReconciler, signalChanged } from '#workflows/contract/signals.ts';
import { scheduleId, workflowId } from '#workflows/contract/ids.ts';
import type { BackfillInput, LifecycleInput } from '#workflows/contract/messages.ts';
import { importInput } from '#test/support/imports.ts';
import { approval, approvedVersion, deploymentOf, freshPair, scheduled } from '#test/support/registry.ts';
import { failureOf, start, until, waitsOnTimer } from '#test/support/runs.ts';
import { approved, newModel, putLake, registered, trainInput } from '#test/support/world-models.ts';
import type { World } from '#test/support/world.ts';

export type Save = (workflow: string, scenario: string, handle: WorkflowHandle) => Promise<void>;

const PAST = '2026-01-02T00:00:00.000Z';
const SOON = { deploy: { go_live: { after: '1s' } } };

/** What takes seconds: on a real server. */
export async function scenarios(world: World, save: Save): Promise<void> {
  await putLake(world);
  await trainings(world, save);
  await replacement(world, save);
  await scores(world, save);
  await reconciling(world, save);
}

/** What takes hours: on a server that skips them. */
export async function lastingScenarios(
  world: World & { skip(ms: number): Promise<void> },
  save: Save,
): Promise<void> {
  await putLake(world);
  const model = await newModel(world);
  const input = await trainInput(world, model);
  const lifecycle: LifecycleInput = { ...input, requested_by: 'ana' };
  const handle = await start(world, 'modelLifecycle', lifecycle, workflowId.lifecycle(input.key));
  await until(() => waitsOnTimer(handle), 'the version waits for approval', 90_000);
  await world.skip(150 * 60_000);
  const pair = { model: model.name, feature_set: model.feature_set };
  await world.registry.judge(await approval(world.registry, pair, 1));
  await callReconciler(world.plain, pair);
  await handle.result();
  await save('modelLifecycle', 'approved-without-signal', handle);
  await save('deployModel', 'next-day', world.client.workflow.getHandle(workflowId.deploy(pair, 1)));
}

async function trainings(world: World, save: Save): Promise<void> {
  const notes = join(world.env.MILLRACE_HOME, 'preempted.txt');
  const model = await newModel(world, { notes, exits: ['preempted', 'outOfMemory'] });
  const input = await trainInput(world, model);
  const handle = await start(world, 'trainModel', input, workflowId.train(input.key));
  await handle.result();
  await save('trainModel', 'preempted-then-out-of-memory', handle);
  const [ref] = input.partitions;
  if (ref === undefined) throw new Error('the training reads no partition');
  await save('materialiseFeatures', 'built', at(world, workflowId.materialise(ref)));

  const { input: uploaded } = await importInput(world, await newModel(world), Buffer.from('a model'));
  const imported = await start(world, 'importModel', uploaded, workflowId.import(uploaded.key));
  await imported.result();
  await save('importModel', 'registered', imported);

  const wrong = await trainInput(world, await newModel(world, { exits: ['user'] }));
  const failed = await start(world, 'trainModel', wrong, workflowId.train(wrong.key));
  await failureOf(failed);
  await save('trainModel', 'refused-by-the-job', failed);
}

/** A live version, and a lifecycle that replaces it. */
async function replacement(world: World, save: Save): Promise<void> {
  const model = await newModel(world, {}, SOON);
  const pair = await registered(world, model);
  await world.registry.judge(await approval(world.registry, pair, 1));
  const first = await scheduled(world.registry, pair, 1, new Date().toISOString());
  await (await start(world, 'deployModel', first, workflowId.deploy(pair, 1))).result();

  const input = await trainInput(world, model, '2024-04-01');
  await save(
    'registerModel',
    'registered',
    at(
      world,
      workflowId.register({
        ...input.key,
        as_of: '2024-05-01',
        training_digest: (await world.registry.version(pair, 1)).training_digest,
      }),
    ),
  );
  const lifecycle: LifecycleInput = { ...input, requested_by: 'ana' };
  const handle = await start(world, 'modelLifecycle', lifecycle, workflowId.lifecycle(input.key));
  await until(() => waitsOnTimer(handle), 'version 2 waits for approval', 90_000);
  await world.registry.judge(await approval(world.registry, pair, 2));
  await signalChanged(world.client, world.registry, { ...pair, version: 2 });
  await handle.result();
  await save('modelLifecycle', 'replaces-the-live-version', handle);
  await save('archiveModel', 'replaced', at(world, workflowId.archive(pair, 1)));

  const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString();
  const rollback = await scheduled(world.registry, pair, 1, tomorrow);
  const taken = await start(world, 'deployModel', rollback, workflowId.deploy(pair, 3));
  await until(() => waitsOnTimer(taken), 'the rollback waits for midnight');
  await taken.cancel();
  await taken.result().catch(() => undefined);
  await save('deployModel', 'cancelled', taken);
}

async function scores(world: World, save: Save): Promise<void> {
  const model = await newModel(world, {}, { deploy: { ...SOON.deploy, scheduler: 'temporal' } });
  const pair = await approved(world, model);
  const { base_digest: configs } = await world.configs.current();
  const ref = { ...pair, version: 1, score_date: '2024-04-20', revision: 1 };
  const one = await start(world, 'scoreBatch', { ref, configs }, workflowId.score(ref));
  await one.result();
  await save('scoreBatch', 'scored', one);

  const backfill: BackfillInput = {
    pair,
    version: 1,
    configs,
    from: '2024-04-18',
    to: '2024-04-23',
    done: 0,
    failed: { count: 0, first: null, dates: [] },
  };
  const many = await start(world, 'backfillScores', backfill);
  await many.result();
  await save('backfillScores', 'six-days', many);

  await world.registry.schedule(deploymentOf(pair, 1, 1, PAST));
  await callReconciler(world.client, pair);
  await until(async () => (await world.registry.state(pair)).live !== null, 'the version is live');
  const tick = await start(
    world,
    'scoreScheduled',
    { pair, schedule: '0 5 * * *', timezone: 'Europe/London' },
    `${scheduleId.score(pair)}-tick`,
  );
  await tick.result();
  await save('scoreScheduled', 'tick', tick);
}

async function reconciling(world: World, save: Save): Promise<void> {
  const pair = freshPair();
  const versions = [
    await approvedVersion(world.registry, world.objects, pair),
    await approvedVersion(world.registry, world.objects, pair),
  ];
  for (const [index, version] of versions.entries())
    await world.registry.schedule(deploymentOf(pair, index + 1, version, PAST));
  const sweep = await start(world, 'reconcileRegistry', null, scheduleId.sweep);
  await sweep.result();
  await save('reconcileRegistry', 'one-pair', sweep);
  const verified = await start(world, 'verifyRegistry', null, scheduleId.verify);
  await verified.result();
  await save('verifyRegistry', 'nothing-differs', verified);
  const repaired = await start(world, 'repairPair', { pair }, workflowId.repair(pair));
  await repaired.result();
  await save('repairPair', 'nothing-differs', repaired);
  const reconcile = at(world, workflowId.reconcile(pair));
  await reconcile.result();
  await save('reconcilePair', 'promotes-twice-and-archives', reconcile);
  const swept = await start(world, 'sweepStore', null, scheduleId.sweepStore);
  await swept.result();
  await save('sweepStore', 'nothing-to-remove', swept);
}

function at(world: World, id: string): WorkflowHandle {
  return world.client.workflow.getHandle(id);
}
