import { digestOf } from '#configs/canonical.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { SourceConfig } from '#configs/source.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { definitionDigest } from '../definition.ts';
import type { ReadFile } from '../sources/file-facts.ts';
import { sourceFiles } from '../sources/source-files.ts';
import { mayHoldKnown } from '../sources/visible-files.ts';
import type { BusinessDate } from '../query/availability.ts';
import { type FeatureConfigs, featureSetNamed, sourceNamed } from '#catalog/feature-configs.ts';
import type { InputSnapshot, PartitionManifest } from './partition.ts';
import type { PartitionStore } from './partition-store.ts';
import { upstreamDateOf } from './upstream-date.ts';

export interface InputStores {
  readonly objects: ObjectStore;
  readonly partitions: PartitionStore;
  /** Files of the sources listed so far, by location, so that the dates of one request share the listings. */
  readonly listed?: Map<string, Promise<readonly ReadFile[]>>;
}

export interface SourceSnapshot {
  readonly source: SourceConfig;
  readonly at: BusinessDate;
  /** Data files that may hold rows known on the date, sorted by key. */
  readonly files: readonly ReadFile[];
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
  const at = { date: dt, zone: set.partition.time_zone };
  const [sources, upstream] = await Promise.all([
    Promise.all(set.sources.map((name) => snapshotSource(stores, sourceNamed(configs, name), at))),
    Promise.all(
      set.feature_sets.map((name) =>
        snapshotUpstream(stores.partitions, featureSetNamed(configs, name), configs, dt),
      ),
    ),
  ]);
  return { sources, upstream };
}

export function snapshotsOf({ sources, upstream }: Inputs): InputSnapshot[] {
  return [...sources, ...upstream].map(({ snapshot }) => snapshot);
}

/**
 * The files of a source that may hold rows known on a date, by name, size and ETag: a file with later rows only changes nothing.
 * Throws `SOURCE_EMPTY`, `SOURCE_FILE_UNREADABLE`, `SOURCE_CHANGED`.
 */
export async function snapshotSource(
  { objects, listed }: Pick<InputStores, 'objects' | 'listed'>,
  source: SourceConfig,
  at: BusinessDate,
): Promise<SourceSnapshot> {
  const listing = listed?.get(source.location) ?? sourceFiles(objects, source.location);
  listed?.set(source.location, listing);
  const all = await listing;
  if (all.length === 0)
    throw new MillraceError('SOURCE_EMPTY', `Source "${source.name}" has no Parquet file.`, {
      where: objects.uri(source.location),
      details: { source: source.name },
    });
  const files = all.filter((file) => mayHoldKnown(source, file, at));
  const digest = digestOf(files.map(({ key, size, etag }) => ({ key, size, etag })));
  return { source, at, files, snapshot: { kind: 'source', name: source.name, digest, files: files.length } };
}

async function snapshotUpstream(
  partitions: PartitionStore,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  readAt: string,
): Promise<UpstreamSnapshot> {
  const { name } = set;
  const definition = definitionDigest(set, configs);
  const dt = upstreamDateOf(set, readAt);
  const manifest = await partitions.newest(name, definition, dt);
  if (manifest === undefined)
    throw new MillraceError(
      'UPSTREAM_PARTITION_MISSING',
      `Feature set "${name}" has no partition at ${dt}.`,
      {
        details: { feature_set: name, definition_digest: definition, dt },
      },
    );
  const digest = contentDigest(manifest);
  const ownDate = dt === readAt ? {} : { dt };
  return {
    manifest,
    snapshot: { kind: 'partition', name, ...ownDate, digest, files: manifest.parts.length },
  };
}

/** Of the rows and of what they mean. Who built them, when and as which revision changes nothing for a reader. */
export function contentDigest({
  definition_digest,
  dt,
  parts,
}: Pick<PartitionManifest, 'definition_digest' | 'dt' | 'parts'>): string {
  return digestOf({ definition_digest, dt, parts: parts.map(({ sha256, rows }) => ({ sha256, rows })) });
}
