import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { createWorkflowReader } from '#api/workflows/reader.ts';
import { useBuild, UNVERSIONED, workerBuilds } from '#api/workers/builds.ts';
import type { ModelConfig } from '#configs/model.ts';
import { approval, scheduled } from '#test/support/registry.ts';
import { run, start, until, waitsOnTimer } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { newModel, putLake, registered, trainInput } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { LifecycleResult } from '#workflows/contract/messages.ts';
import { signalChanged } from '#workflows/contract/signals.ts';

/** Activities that wait until the test lets them go on, by name and model. */
const held = new Map<string, { readonly reached: () => void; readonly open: Promise<void> }>();

function hold(activity: string, model: string) {
  const reached = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  held.set(`${activity}/${model}`, { reached: reached.resolve, open: open.promise });
  return { reached: reached.promise, release: open.resolve };
}

interface Named {
  readonly key?: { readonly model: string };
  readonly ref?: { readonly model?: string };
}

const world = await forThisFile(
  namespaceWorld([], async (name, work, input) => {
    const { key, ref } = (input ?? {}) as Named;
    const gate = held.get(`${name}/${key?.model ?? ref?.model}`);
    gate?.reached();
    await gate?.open;
    return work();
  }),
);
const { registry } = world;
const client = world.plain;

const patched = await bundleOf(new URL('./fixtures/builds/patched.ts', import.meta.url));

async function bundleOf(workflows: URL): Promise<string> {
  const workflowsPath = fileURLToPath(workflows);
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const path = join(world.env.MILLRACE_HOME, `${basename(workflowsPath)}.js`);
  await writeFile(path, code);
  return path;
}

async function lifecycle(model: ModelConfig, asOf?: string): Promise<WorkflowHandle> {
  const input = await trainInput(world, model, asOf);
  return start(world, 'modelLifecycle', input, workflowId.lifecycle(input.key), client);
}

async function judged(model: ModelConfig, version = 1): Promise<void> {
  const pair = { model: model.name, feature_set: model.feature_set };
  await until(() => isRegistered(model, version), 'the version is registered', 90_000);
  await registry.judge(await approval(registry, pair, version));
  await signalChanged(client, registry, { ...pair, version });
}

/** The build that ran the newest task of a workflow. */
async function buildOf(id: string): Promise<string | undefined> {
  const { raw } = await client.workflow.getHandle(id).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
}

const use = (build: string) => useBuild(client, { build, percent: 100, principal: 'olga' });
const stateOf = async (build: string) =>
  (await workerBuilds(client)).find((one) => one.build === build)?.state;
const SOON = { deploy: { go_live: { after: '1s' } } };

test('rolls lifecycles in every state over from one build to the next, and loses nothing', async () => {
  await assert.rejects(use('a'), { code: 'WORKER_BUILD_UNKNOWN' });
  await using a = await world.hostBuild('a');
  await until(
    async () =>
      use('a').then(
        () => true,
        () => false,
      ),
    'build a serves every queue',
  );
  await putLake(world);

  // Archiving: version 2 is live, and a day of version 1 is still being scored.
  const archiving = await newModel(world, {}, SOON);
  const pair = await registered(world, archiving);
  await registry.judge(await approval(registry, pair, 1));
  const first = await scheduled(registry, pair, 1, new Date().toISOString());
  await run(world, 'deployModel', first, workflowId.deploy(pair, 1));
  const scoring = hold('scoreShard', archiving.name);
  const { base_digest: configs } = await world.configs.current();
  const ref = { ...pair, version: 1, score_date: '2024-04-20', revision: 1 };
  const score = await start(world, 'scoreBatch', { ref, configs }, workflowId.score(ref), client);
  await scoring.reached;
  const replaced = await lifecycle(archiving, '2024-04-01');
  await judged(archiving, 2);
  await until(async () => (await registry.state(pair)).live?.version === 2, 'version 2 is live', 60_000);
  const [from, to] = ['2024-05-03', '2024-05-06'];
  const backfill = await start(
    world,
    'backfillScores',
    { pair, version: 2, configs, from, to, done: 0, failed: { count: 0, first: null, dates: [] } },
    workflowId.backfill(pair, 2, from, to),
    client,
  );

  const training = await newModel(world, {}, SOON);
  const atJob = hold('runTrainingJob', training.name);
  const trains = await lifecycle(training);
  await atJob.reached;
  const registering = await newModel(world, {}, SOON);
  const atCard = hold('writeCard', registering.name);
  const registers = await lifecycle(registering);
  await atCard.reached;
  const waiting = await newModel(world, {}, SOON);
  const waits = await lifecycle(waiting);
  await until(() => waitsOnTimer(waits), 'a version waits for approval', 90_000);
  const dated = await newModel(world, {}, { deploy: { go_live: { after: '40s' } } });
  const isScheduled = await lifecycle(dated);
  await judged(dated);
  const deploys = client.workflow.getHandle(
    workflowId.deploy({ model: dated.name, feature_set: dated.feature_set }, 1),
  );
  await until(() => waitsOnTimer(deploys).catch(() => false), 'a deployment is scheduled', 30_000);

  await using b = await world.hostBuild('b', patched);
  await until(
    async () =>
      use('b').then(
        () => true,
        () => false,
      ),
    'build b serves every queue',
  );
  assert.equal(await stateOf('a'), 'draining');
  for (const { release } of [scoring, atJob, atCard]) release();

  await judged(training);
  await judged(registering);
  await judged(waiting);
  const ends = [trains, registers, waits, isScheduled, replaced];
  const results = (await Promise.all(ends.map((handle) => handle.result()))) as LifecycleResult[];
  assert.deepEqual(
    results.map(({ version, verdict }) => [version, verdict]),
    [
      [1, 'approve'],
      [1, 'approve'],
      [1, 'approve'],
      [1, 'approve'],
      [2, 'approve'],
    ],
  );
  assert.deepEqual(await backfill.result(), { dates: 4 });
  await score.result();
  // Short runs ended where they began, long ones on the new build.
  assert.equal(await buildOf(score.workflowId), 'a');
  for (const { workflowId: id } of [...ends, deploys, backfill]) assert.equal(await buildOf(id), 'b', id);
  assert.deepEqual((await registry.state(pair)).ended, []);

  // Nobody needs the old workers any more.
  await until(async () => (await stateOf('a')) === 'drained', 'build a is drained', 90_000);
  await a[Symbol.asyncDispose]();
  const after = await newModel(world, {}, SOON);
  const next = await lifecycle(after);
  await judged(after);
  assert.equal(((await next.result()) as LifecycleResult).version, 1);
  const { events } = await next.fetchHistory();
  assert.ok(
    events?.some(({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_patch'),
    'a new run takes the step of the new build',
  );
  await b[Symbol.asyncDispose]();
  await use(UNVERSIONED);
});

test('a worker of an older build that picks up a new history is explained, and the run goes on with its own build', async () => {
  const reader = createWorkflowReader(client, undefined);
  const newer = await bundleOf(new URL('./fixtures/builds/unpatched.ts', import.meta.url));
  let handle: WorkflowHandle;
  let model: ModelConfig;
  {
    await using _ = await world.hostBuild(undefined, newer);
    model = await newModel(world, {}, SOON);
    handle = await lifecycle(model);
    await until(() => isRegistered(model, 1), 'the version is registered', 60_000);
  }
  {
    await using _ = await world.hostBuild(undefined);
    await judged(model);
    const { failing, status } = await until(
      async () => {
        const shown = await reader.read(handle.workflowId);
        return shown.failing !== undefined && shown;
      },
      'the status explains it',
      60_000,
    );
    assert.equal(status, 'running');
    assert.equal(failing?.code, 'WORKFLOW_TASK_FAILING');
    assert.match(failing?.message ?? '', /[Nn]ondeterminism/);
    assert.match(failing?.remedy ?? '', /millrace workers use/);
  }
  await using _ = await world.hostBuild(undefined, newer);
  assert.equal(((await handle.result()) as LifecycleResult).verdict, 'approve');
  assert.equal((await reader.read(handle.workflowId)).failing, undefined);
});

async function isRegistered({ name, feature_set }: ModelConfig, version: number): Promise<boolean> {
  return registry.version({ model: name, feature_set }, version).then(
    () => true,
    () => false,
  );
}
