import assert from 'node:assert/strict';
import { test } from 'node:test';
import pLimit from 'p-limit';
import { pairKey, type Pair } from '#configs/pair.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { SEARCH_ATTRIBUTES } from '#workflows/contract/search-attributes.ts';
import { callReconciler } from '#workflows/contract/signals.ts';
import { approvedVersion, deploymentOf, freshPair } from '#test/support/registry.ts';
import { until } from '#test/support/runs.ts';
import { namespaceWorld } from '#test/support/world.ts';
import { forThisFile } from '#test/support/stores.ts';

/** The activity behind each lane; archives are done by their own workflow. */
const ACTIVITIES = {
  promote: 'promote',
  'archive/1': 'noteArchived',
  dossier: 'deliverDossier',
  spec: 'emitSpec',
} as const;
type Lane = keyof typeof ACTIVITIES;
const LANES = Object.keys(ACTIVITIES) as readonly Lane[];

/** Activities that fail for a pair. */
const failing = new Map<string, ReadonlySet<string>>();

const world = await forThisFile(
  namespaceWorld(['lifecycle', 'waits'], (name, run, input) => {
    const { pair = input } = input as { readonly pair?: unknown };
    if (isPair(pair) && failing.get(pairKey(pair))?.has(name))
      throw new MillraceError('STORE_UNREACHABLE', `${name} does not work`);
    return run();
  }),
);
const { registry, objects, client } = world;
const PAST = '2026-01-02T00:00:00.000Z';
/** All pairs at once would keep two cores from sending heartbeats. */
const limit = pLimit(6);
const PATIENCE_MS = 60_000;

function isPair(value: unknown): value is Pair {
  return typeof value === 'object' && value !== null && 'model' in value && 'feature_set' in value;
}

/** A pair with work in every lane: a due deployment, one that ended, a schedule to write, a dossier to deliver. */
async function busyPair(): Promise<Pair> {
  const pair = freshPair();
  const versions = [
    await approvedVersion(registry, objects, pair),
    await approvedVersion(registry, objects, pair),
  ];
  for (const deployment of [1, 2, 3]) {
    await registry.schedule(deploymentOf(pair, deployment, versions[deployment % 2] ?? 1, PAST));
    if (deployment < 3)
      await registry.promote({ pair, deployment, dueBy: PAST, commandId: `promote/${deployment}` });
  }
  return pair;
}

/** Whether the work that the pair had in a lane is done. */
async function isDone(pair: Pair, lane: Lane): Promise<boolean> {
  const { live, ended, dossier, emitted } = await registry.state(pair);
  switch (lane) {
    case 'promote':
      return live?.deployment === 3;
    case 'archive/1':
      return ended.every(({ deployment }) => deployment !== 1);
    case 'dossier':
      return dossier.delivered === dossier.count;
    case 'spec':
      return emitted !== null;
  }
}

function subsetsOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  return all.reduce<readonly (readonly T[])[]>(
    (sets, one) => [...sets, ...sets.map((set) => [...set, one])],
    [[]],
  );
}

test('whatever fails for ever, everything else is done, and the pair says what fails, since when and why', async () => {
  await Promise.all(subsetsOf(LANES).map((broken) => limit(() => survives(broken))));
  assert.deepEqual((await registry.failingPairs()).items, []);

  async function survives(broken: readonly Lane[]): Promise<void> {
    const pair = await busyPair();
    const names = broken.map((lane) => ACTIVITIES[lane]);
    failing.set(pairKey(pair), new Set(names));
    await callReconciler(client, pair);

    const works = LANES.filter((lane) => !broken.includes(lane));
    await until(
      async () => (await Promise.all(works.map((lane) => isDone(pair, lane)))).every(Boolean),
      `all but ${broken.join(', ')} is done`,
      PATIENCE_MS,
    );
    // A failing archive is a workflow of its own, which goes on trying.
    const noted = broken.filter((lane) => lane !== 'archive/1');
    await until(
      async () => {
        const { attempts } = await registry.state(pair);
        return noted.every((lane) => attempts[lane]?.error !== undefined);
      },
      `${noted.join(', ')} is noted`,
      PATIENCE_MS,
    );
    const { attempts } = await registry.state(pair);
    for (const lane of noted) {
      const { error, since, next_try } = attempts[lane] ?? assert.fail(lane);
      assert.deepEqual(error, {
        code: 'STORE_UNREACHABLE',
        message: `${ACTIVITIES[lane]} does not work`,
      });
      assert.ok(since < next_try);
    }
    for (const lane of broken) assert.equal(await isDone(pair, lane), false, lane);

    failing.delete(pairKey(pair));
    await registry.forgetAttempts(pair);
    await callReconciler(client, pair);
    await until(
      async () => {
        const { attempts: left } = await registry.state(pair);
        const done = await Promise.all(LANES.map((lane) => isDone(pair, lane)));
        return done.every(Boolean) && Object.values(left).every(({ error }) => error === undefined);
      },
      'everything is done',
      PATIENCE_MS,
    );
  }
});

test('a pair whose step fails keeps one run open until the next try, and is listed', async () => {
  const pair = await busyPair();
  failing.set(pairKey(pair), new Set(['emitSpec']));
  await callReconciler(client, pair);
  await until(async () => (await registry.failingPairs()).items.length === 1, 'the pair is listed');
  for (let call = 0; call < 5; call += 1) await callReconciler(client, pair);
  await until(async () => (await registry.state(pair)).attempts['spec'] !== undefined, 'it is noted');
  const handle = client.workflow.getHandle(workflowId.reconcile(pair));
  await until(async () => {
    const { status, typedSearchAttributes } = await handle.describe();
    return status.name === 'RUNNING' && typedSearchAttributes.get(SEARCH_ATTRIBUTES.stage) === 'failing';
  }, 'its run says so');
  assert.equal((await registry.state(pair)).attempts['spec']?.tries, 1);
  const query = `WorkflowId = '${workflowId.reconcile(pair)}'`;
  assert.equal((await client.workflow.count(query)).count, 1);
  failing.clear();
});
