import assert from 'node:assert/strict';
import { createDagSpecStore } from '#airflow/store.ts';
import { dagSpecKey } from '#airflow/dag-spec.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { createRegistry } from '#registry/registry.ts';
import type { TrainingRecord } from '#training/record.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';
import type { ScoresManifest } from '#scoring/scores.ts';
import { untilAtRest } from './lives.ts';
import { jobTitles, keysBelow, scanTable, type Item } from './stores-read.ts';

export interface Stores {
  readonly table: TableHandle;
  readonly objects: ObjectStore;
  readonly home: string;
}

/**
 * Counts in the stores themselves what `lives` lives of a pair may have left, however often their steps were tried: one
 * job, version, deployment, specification and day of scores each, without a gap or a double. Waits until the reconciler
 * is done with the pair, since copies and archives follow the commit that asks for them.
 */
export async function assertWholeLives(stores: Stores, pair: Pair, lives: number): Promise<void> {
  await untilAtRest(stores, pair);
  const items = (await scanTable(stores.table)).filter(({ pk }) => pk === `pair#${pairKey(pair)}`);
  const each = Array.from({ length: lives }, (_, i) => i + 1);
  const named = (kind: string): readonly Item[] => items.filter(({ sk }) => sk.startsWith(`${kind}#`));

  const jobs = (await jobTitles(stores.home)).filter((title) => title.startsWith(`train ${pair.model} `));
  assert.equal(jobs.length, lives, 'one job for each training');
  assert.deepEqual(
    named('version').map(({ version }) => version),
    each,
    'versions are dense',
  );
  assert.equal(named('training').length, lives, 'each version is of a training of its own');
  assert.deepEqual(
    named('stage').map(({ stage }) => stage),
    each.map((version) => (version === lives ? 'live' : 'archived')),
  );
  assertIntervals(named('deployment'), lives);
  assertDossier(named('dossier'), lives);
  const check = await createRegistry(stores.table, stores.objects).verifyDossier(pair);
  assert.deepEqual(check.problems, []);
  assert.equal(check.copies, check.entries, 'every entry has its copy');
  await assertTrainings(stores.objects, pair, lives);
  await assertScores(stores, pair, each);
  await assertSpec(stores.objects, pair, lives);
}

/** Deployments follow each other without overlap or gap, and the last one lasts. */
function assertIntervals(deployments: readonly Item[], lives: number): void {
  assert.equal(deployments.length, lives, 'one deployment for each version');
  for (const [index, { live_from, live_until }] of deployments.entries()) {
    assert.equal(live_until, deployments[index + 1]?.['live_from'], 'one ends when the next begins');
    assert.ok(typeof live_from === 'string');
    if (typeof live_until === 'string') assert.ok(live_from < live_until);
  }
}

function assertDossier(entries: readonly Item[], lives: number): void {
  const kinds: Record<string, number> = {};
  for (const { text } of entries) {
    const { kind } = JSON.parse(String(text)) as { readonly kind: string };
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  const replaced = lives > 1 ? { version_archived: lives - 1, archive_finished: lives - 1 } : {};
  assert.deepEqual(kinds, {
    version_registered: lives,
    version_approved: lives,
    deployment_scheduled: lives,
    deployment_promoted: lives,
    spec_emitted: lives,
    ...replaced,
  });
}

/** Each training's manifest names every file of its folder, except the working files: frame and its record, job input, job result. */
async function assertTrainings(objects: ObjectStore, pair: Pair, lives: number): Promise<void> {
  const keys = await keysBelow(objects, `models/model=${pair.model}/feature_set=${pair.feature_set}/`);
  const manifests = keys.filter((key) => key.endsWith('/manifest.json'));
  assert.equal(manifests.length, lives, 'one manifest for each training');
  const named: string[] = [];
  for (const key of manifests) {
    const { artifacts } = JSON.parse((await objects.get(key)).toString()) as TrainingRecord;
    named.push(key, ...artifacts.map((artifact) => artifact.key));
  }
  const others = keys.filter((key) => !named.includes(key));
  assert.deepEqual(
    others.filter(
      (key) =>
        !/\/(frame\/[^/]+\.parquet|frame\/of-[0-9a-f-]{36}\.json|input-[0-9a-f]{64}\.json|result\.json)$/.test(
          key,
        ),
    ),
    [],
    'nothing lies beside what the manifests name',
  );
}

/** Each version scored the day once; its folder holds the manifest and the parts that it names. */
async function assertScores(
  { table, objects }: Stores,
  pair: Pair,
  versions: readonly number[],
): Promise<void> {
  const prefix = `scores/model=${pair.model}/feature_set=${pair.feature_set}/`;
  const keys = await keysBelow(objects, prefix);
  const manifests = keys.filter((key) => key.endsWith('/manifest.json'));
  const named: string[] = [...manifests];
  const scored: number[] = [];
  for (const key of manifests) {
    const { version, parts } = JSON.parse((await objects.get(key)).toString()) as ScoresManifest;
    named.push(...parts.map((part) => part.key));
    scored.push(version);
  }
  assert.deepEqual(
    scored.toSorted((a, b) => a - b),
    versions,
    'one manifest for each version',
  );
  assert.deepEqual(keys, named.toSorted(), 'no part without a manifest that names it');
  const listed = (await scanTable(table)).filter(({ manifest_key: key }) => String(key).startsWith(prefix));
  assert.deepEqual(listed.map(({ manifest_key: key }) => String(key)).toSorted(), manifests);
}

/** Once swept: each date has one committed partition, with the parts its manifest names and no more, and is listed once. */
export async function assertPartitions({ table, objects }: Stores, dates: readonly string[]): Promise<void> {
  const keys = await keysBelow(objects, 'features/');
  const manifests = keys.filter((key) => key.endsWith('/manifest.json'));
  const named: string[] = [...manifests];
  const built: string[] = [];
  for (const key of manifests) {
    const { dt, parts } = JSON.parse((await objects.get(key)).toString()) as PartitionManifest;
    named.push(...parts.map((part) => part.key));
    built.push(dt);
  }
  assert.deepEqual(built, dates);
  assert.deepEqual(keys, named.toSorted(), 'no part without a manifest that names it');
  const listed = (await scanTable(table)).filter(({ manifest_key: key }) =>
    String(key).startsWith('features/'),
  );
  assert.deepEqual(listed.map(({ manifest_key: key }) => String(key)).toSorted(), manifests);
}

async function assertSpec(objects: ObjectStore, pair: Pair, lives: number): Promise<void> {
  const keys = await keysBelow(objects, dagSpecKey(pair).replace(/\.json$/, ''));
  assert.deepEqual(keys, [dagSpecKey(pair)], 'one DAG spec');
  const spec = await createDagSpecStore(objects).read(pair);
  assert.equal(spec?.schedule, `${lives} 5 * * *`, 'of the terms that hold now');
}
