import { digestOf } from '#configs/canonical.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { SourceConfig } from '#configs/source.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectInfo, ObjectStore } from '#platform/objects/object-store.ts';
import { definitionDigest } from '../definition.ts';
import { type FeatureConfigs, featureSetNamed, sourceNamed } from '#catalog/feature-configs.ts';
import type { InputSnapshot, PartitionManifest } from './partition.ts';
import type { PartitionStore } from './partition-store.ts';

export interface InputStores {
  readonly objects: ObjectStore;
  readonly partitions: PartitionStore;
}

export interface SourceSnapshot {
  readonly source: SourceConfig;
  /** Data files, sorted by key. */
  readonly files: readonly Pick<ObjectInfo, 'key' | 'size' | 'etag'>[];
  readonly snapshot: InputSnapshot;
}

export interface UpstreamSnapshot {
  readonly manifest: PartitionManifest;
  readonly snapshot: InputSnapshot;
}

/** Current state of all inputs that a partition would be built from. */
export interface Inputs {
  readonly sources: readonly SourceSnapshot[];
  readonly upstream: readonly UpstreamSnapshot[];
}

/** Throws `SOURCE_EMPTY`, `UPSTREAM_PARTITION_MISSING`. */
export async function snapshotInputs(
  stores: InputStores,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dt: string,
): Promise<Inputs> {
  const [sources, upstream] = await Promise.all([
    Promise.all(set.sources.map((name) => snapshotSource(stores.objects, sourceNamed(configs, name)))),
    Promise.all(set.feature_sets.map((name) => snapshotUpstream(stores.partitions, name, configs, dt))),
  ]);
  return { sources, upstream };
}

export function snapshotsOf({ sources, upstream }: Inputs): InputSnapshot[] {
  return [...sources, ...upstream].map(({ snapshot }) => snapshot);
}

/** The Parquet files of a source by name, size and ETag. Files and folders whose name starts with `_` or `.` are not data. */
export async function snapshotSource(objects: ObjectStore, source: SourceConfig): Promise<SourceSnapshot> {
  const found: { key: string; size: number; etag: string }[] = [];
  for await (const { key, size, etag } of objects.list(source.location)) {
    const path = key.slice(source.location.length);
    if (path.endsWith('.parquet') && !/(^|\/)[_.]/.test(path)) found.push({ key, size, etag });
  }
  if (found.length === 0)
    throw new MillraceError('SOURCE_EMPTY', `Source "${source.name}" has no Parquet file.`, {
      where: objects.uri(source.location),
      details: { source: source.name },
    });
  found.sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    source,
    files: found,
    snapshot: { kind: 'source', name: source.name, digest: digestOf(found), files: found.length },
  };
}

async function snapshotUpstream(
  partitions: PartitionStore,
  name: string,
  configs: FeatureConfigs,
  dt: string,
): Promise<UpstreamSnapshot> {
  const definition = definitionDigest(featureSetNamed(configs, name), configs);
  const manifest = await partitions.newest(name, definition, dt);
  if (manifest === undefined)
    throw new MillraceError(
      'UPSTREAM_PARTITION_MISSING',
      `Feature set "${name}" has no partition at ${dt}.`,
      {
        details: { feature_set: name, definition_digest: definition, dt },
      },
    );
  return {
    manifest,
    snapshot: { kind: 'partition', name, digest: digestOf(manifest), files: manifest.parts.length },
  };
}
