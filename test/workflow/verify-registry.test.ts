import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dagSpecKey } from '#airflow/dag-spec.ts';
import { createDagSpecStore } from '#airflow/store.ts';
import { ensureSystemSchedules } from '#bootstrap/schedules.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { segmentKey } from '#registry/dossier/segments.ts';
import { scheduleId, TASK_QUEUES, workflowId } from '#workflows/contract/ids.ts';
import { callReconciler } from '#workflows/contract/signals.ts';
import { approvedVersion, deploymentOf, freshPair } from '#test/support/registry.ts';
import { defaultModel } from '#test/support/feature-configs.ts';
import { until } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { applyDocuments } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';

const world = await forThisFile(namespaceWorld(['lifecycle', 'waits']));
const { registry, objects, client } = world;
const dagSpecs = createDagSpecStore(objects);
const PAST = '2026-01-02T00:00:00.000Z';
/** Once a year, so that no tick falls into the test. */
const YEARLY = '0 5 1 1 *';

async function livePair(scheduler: 'temporal' | 'airflow'): Promise<Pair> {
  const pair = freshPair();
  const version = await approvedVersion(registry, objects, pair);
  await registry.schedule({ ...deploymentOf(pair, 1, version, PAST), scheduler, schedule: YEARLY });
  await callReconciler(client, pair);
  await settled(pair);
  return pair;
}

async function settled(pair: Pair): Promise<void> {
  await until(
    async () => {
      const { live, emitted, dossier } = await registry.state(pair);
      return live !== null && emitted !== null && dossier.copied === dossier.count;
    },
    `${pairKey(pair)} is settled`,
  );
}

let runs = 0;
async function verify(): Promise<{ readonly pairs: number; readonly differing: number }> {
  runs += 1;
  return client.workflow.execute('verifyRegistry', {
    workflowId: `verify-${runs}`,
    taskQueue: TASK_QUEUES.lifecycle,
    args: [null],
  });
}

const schedule = (pair: Pair) => client.schedule.getHandle(scheduleId.score(pair));

/** What an operator or an accident may do to what the platform has written. */
const HARM: Readonly<
  Record<string, { readonly to: 'temporal' | 'airflow'; do: (pair: Pair) => Promise<unknown> }>
> = {
  'a deleted schedule': { to: 'temporal', do: (pair) => schedule(pair).delete() },
  'a paused schedule': { to: 'temporal', do: (pair) => schedule(pair).pause('by hand') },
  'an edited schedule': {
    to: 'temporal',
    do: (pair) =>
      schedule(pair).update((previous) => ({ ...previous, spec: { cronExpressions: ['0 7 1 1 *'] } })),
  },
  'a terminated scheduler': {
    to: 'temporal',
    do: (pair) => client.workflow.getHandle(`temporal-sys-scheduler:${scheduleId.score(pair)}`).terminate(),
  },
  'a deleted DAG spec': { to: 'airflow', do: (pair) => dagSpecs.remove(pair) },
  'an edited DAG spec': {
    to: 'airflow',
    do: async (pair) => {
      const spec = { ...(await dagSpecs.read(pair)), schedule: '0 7 1 1 *' };
      await objects.put(dagSpecKey(pair), JSON.stringify(spec));
    },
  },
  'a DAG spec of another release': {
    to: 'airflow',
    do: async (pair) => {
      const spec = await dagSpecs.read(pair);
      assert.ok(spec);
      await dagSpecs.write(pair, { ...spec, content_hash: 'f'.repeat(32) });
    },
  },
  'a deleted copy of the dossier': { to: 'airflow', do: (pair) => objects.remove([segmentKey(pair, 1)]) },
};

test('finds what was lost, paused or edited, has it put right, and finds nothing afterwards', async () => {
  const harmed = await Promise.all(
    Object.entries(HARM).map(async ([name, { to, do: harm }]) => {
      const pair = await livePair(to);
      const before = {
        spec: await dagSpecs.read(pair),
        schedule: (await registry.state(pair)).emitted?.schedule_digest,
      };
      await harm(pair);
      return { name, pair, before };
    }),
  );
  const untouched = await livePair('temporal');
  assert.deepEqual(await verify(), { pairs: harmed.length + 1, differing: harmed.length });
  for (const { name, pair, before } of harmed) {
    await settled(pair);
    const { emitted } = await registry.state(pair);
    assert.deepEqual(
      [await dagSpecs.read(pair), emitted?.schedule_digest],
      [before.spec, before.schedule],
      name,
    );
    const { verified, problems } = await registry.verifyDossier(pair);
    assert.ok(verified, `${name}: ${JSON.stringify(problems)}`);
    const kinds = (await registry.dossier(pair)).items.map(({ kind }) => kind);
    assert.equal(kinds.includes('spec_lost'), name !== 'a deleted copy of the dossier', name);
  }
  const kinds = (await registry.dossier(untouched)).items.map(({ kind }) => kind);
  assert.ok(!kinds.includes('spec_lost'));
  assert.deepEqual(await verify(), { pairs: harmed.length + 1, differing: 0 });
});

test('has a schedule written again for the team that owns the model now', async () => {
  const pair = await livePair('temporal');
  await applyDocuments(
    world,
    defaultModel({}, { name: pair.model, feature_set: pair.feature_set, owner: 'shop' }),
  );
  assert.equal((await verify()).differing, 1);
  await until(
    async () => (await schedule(pair).describe()).action.priority?.fairnessKey === 'shop',
    'the schedule works for the new team',
  );
  await settled(pair);
  assert.equal((await verify()).differing, 0);
});

test('a repair says what it found, and tries failing steps again', async () => {
  const pair = await livePair('airflow');
  await dagSpecs.remove(pair);
  const at = new Date().toISOString();
  const error = { code: 'STORE_UNREACHABLE', message: 'away' };
  await registry.noteAttempt({ pair, now: at, tried: { lane: 'dossier', subject: '', at, error } });
  const { problems } = await client.workflow.execute('repairPair', {
    workflowId: workflowId.repair(pair),
    taskQueue: TASK_QUEUES.lifecycle,
    args: [{ pair }],
  });
  assert.deepEqual(problems, ['the DAG spec is missing']);
  await settled(pair);
  assert.ok(await dagSpecs.read(pair));
});

test("puts the installation's own schedules right, whatever was done to them", async () => {
  const ids = [scheduleId.sweep, scheduleId.verify, scheduleId.sweepStore];
  const all = (was: string) => Object.fromEntries(ids.map((id) => [id, was]));
  assert.deepEqual(await ensureSystemSchedules(client), all('missing'));
  assert.deepEqual(await ensureSystemSchedules(client), all('right'));
  await client.schedule.getHandle(scheduleId.sweep).pause('by hand');
  await client.schedule.getHandle(scheduleId.verify).delete();
  await client.workflow.getHandle(`temporal-sys-scheduler:${scheduleId.sweepStore}`).cancel();
  assert.deepEqual(await ensureSystemSchedules(client), {
    [scheduleId.sweep]: 'wrong',
    [scheduleId.verify]: 'missing',
    [scheduleId.sweepStore]: 'wrong',
  });
  for (const id of ids) {
    const { state, info } = await client.schedule.getHandle(id).describe();
    assert.deepEqual([state.paused, info.nextActionTimes.length > 0], [false, true], id);
  }
  assert.deepEqual(await ensureSystemSchedules(client), all('right'));
});
