import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callReconciler } from '#workflows/contract/signals.ts';
import { dagSpec } from '#airflow/dag-spec.ts';
import { createDagSpecStore } from '#airflow/store.ts';
import type { Pair } from '#configs/pair.ts';
import { wantedSpec } from '#registry/reconcile.ts';
import { approvedVersion, deploymentOf, freshPair, historyOf } from '#test/support/registry.ts';
import { until } from '#test/support/runs.ts';
import { namespaceWorld } from '#test/support/world.ts';
import { forThisFile } from '#test/support/stores.ts';

// On a real server: archiving asks it which scores are in flight, which the time-skipping one cannot tell.
const world = await forThisFile(namespaceWorld(['lifecycle', 'waits']));

const { registry, objects } = world;
const dagSpecs = createDagSpecStore(objects);
const PAST = '2026-01-02T00:00:00.000Z';

/** Nothing is left to do: the spec is emitted, what ended is archived, the dossier is delivered. */
async function settled(pair: Pair, deployment: number): Promise<void> {
  await until(async () => {
    const { live, emitted, scheduled, ended, dossier } = await registry.state(pair);
    const quiet = scheduled.length === 0 && ended.length === 0 && dossier.copied === dossier.count;
    return live?.deployment === deployment && emitted !== null && quiet;
  }, `deployment ${deployment} is live and all is done`);
}

async function scheduleAndCall(pair: Pair, deployment: number, version: number): Promise<void> {
  await registry.schedule(deploymentOf(pair, deployment, version, PAST));
  await callReconciler(world.client, pair);
}

test('what is due is promoted, its predecessor archived, the spec emitted; a rollback goes the same way', async () => {
  const pair = freshPair();
  const [first, second] = [
    await approvedVersion(registry, objects, pair),
    await approvedVersion(registry, objects, pair),
  ];
  await scheduleAndCall(pair, 1, first);
  await settled(pair, 1);
  const spec = await dagSpecs.read(pair);
  assert.equal(spec?.start_date, PAST);

  await scheduleAndCall(pair, 2, second);
  await settled(pair, 2);
  assert.equal((await registry.stage(pair, first)).stage, 'archived');
  assert.deepEqual(await dagSpecs.read(pair), spec, 'a cut-over changes no byte of the DAG');

  await scheduleAndCall(pair, 3, first);
  await settled(pair, 3);
  const history = await historyOf(registry, pair);
  assert.deepEqual(
    history.map(({ version }) => version),
    [first, second, first],
  );
  assert.deepEqual(
    history.slice(1).map(({ live_from }) => live_from),
    history.slice(0, -1).map(({ live_until }) => live_until),
  );
  const kinds = (await registry.dossier(pair)).items.map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === 'archive_finished').length, 2);
});

test('no write to the pair is lost, however its signal falls into a run', async () => {
  const pair = freshPair();
  const versions = [
    await approvedVersion(registry, objects, pair),
    await approvedVersion(registry, objects, pair),
  ];
  for (let deployment = 1; deployment <= 12; deployment += 1) {
    await scheduleAndCall(pair, deployment, versions[deployment % 2] ?? 1);
    await new Promise((resolve) => setTimeout(resolve, (deployment * 37) % 120));
  }
  await settled(pair, 12);
  assert.equal((await historyOf(registry, pair)).length, 12);
});

test('a crash between promotion and emission, or between emission and its record, is mended by the next call', async () => {
  for (const written of [false, true]) {
    const pair = freshPair();
    const version = await approvedVersion(registry, objects, pair);
    await registry.schedule(deploymentOf(pair, 1, version, PAST));
    await registry.promote({ pair, deployment: 1, dueBy: PAST, commandId: 'promote/1' });
    const wanted = wantedSpec(await registry.state(pair));
    assert.ok(wanted !== null);
    if (written) await dagSpecs.write(pair, dagSpec(pair, wanted));
    await callReconciler(world.client, pair);
    await settled(pair, 1);
    assert.deepEqual(await dagSpecs.read(pair), dagSpec(pair, wanted));
  }
});

test('a version taken out without a successor takes its spec along', async () => {
  const pair = freshPair();
  const version = await approvedVersion(registry, objects, pair);
  await scheduleAndCall(pair, 1, version);
  await settled(pair, 1);
  await registry.archiveVersion({
    pair,
    version,
    principal: 'oper',
    reason: 'withdrawn',
    commandId: 'archive',
  });
  await callReconciler(world.client, pair);
  await until(async () => (await registry.state(pair)).emitted === null, 'the spec is removed');
  assert.equal(await dagSpecs.read(pair), undefined);
});
