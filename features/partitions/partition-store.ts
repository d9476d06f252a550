import { canonicalJson } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { manifestKey, parseManifest } from './manifest.ts';
import { openPartitionIndex, type PartitionEntry } from './partition-index.ts';
import { partitionPrefix, type PartitionManifest, type PartitionRef } from './partition.ts';

/** Committed partitions. A partition exists once its manifest does; the table only says where to look. */
export interface PartitionStore {
  /** Reads the manifest itself, and mends the table's item when a crash left it out. */
  find(ref: PartitionRef): Promise<PartitionManifest | undefined>;
  /** As `find`; throws `PARTITION_NOT_FOUND`. */
  get(ref: PartitionRef): Promise<PartitionManifest>;
  /** The newest revision of a date. */
  newest(set: string, definition: string, dt: string): Promise<PartitionManifest | undefined>;
  /** The newest revision of the first of `dates` that has one; dates are given newest first. */
  newestServing(set: string, definition: string, dates: readonly string[]): Promise<PartitionRef | undefined>;
  /** Ascending by date and revision; both dates belong to it. */
  list(set: string, definition: string, from?: string, to?: string): Promise<readonly PartitionEntry[]>;
  /**
   * Puts the manifest, last and once. Whoever comes second gets the winner's manifest back. In both cases parts that the
   * committed manifest does not name are removed.
   */
  commit(manifest: PartitionManifest): Promise<PartitionManifest>;
  /** Writes the table's items of a definition again from the manifests in S3; returns how many there are. */
  repair(set: string, definition: string): Promise<number>;
}

export function createPartitionStore(table: TableHandle, objects: ObjectStore): PartitionStore {
  const index = openPartitionIndex(table);

  async function read(ref: PartitionRef): Promise<PartitionManifest | undefined> {
    const key = manifestKey(ref);
    try {
      return parseManifest(await objects.get(key), objects.uri(key));
    } catch (error) {
      if (error instanceof MillraceError && error.code === 'OBJECT_NOT_FOUND') return undefined;
      throw error;
    }
  }

  async function find(ref: PartitionRef): Promise<PartitionManifest | undefined> {
    const manifest = await read(ref);
    if (manifest !== undefined) await index.put(manifest);
    return manifest;
  }

  return {
    find,

    async get(ref) {
      const manifest = await find(ref);
      if (manifest !== undefined) return manifest;
      throw new MillraceError(
        'PARTITION_NOT_FOUND',
        `"${ref.feature_set}" has no revision ${ref.revision} at ${ref.dt}.`,
        { where: objects.uri(manifestKey(ref)), details: { ...ref } },
      );
    },

    async newest(set, definition, dt) {
      const known = (await index.between(set, definition, dt, dt)).at(-1)?.revision ?? 0;
      let newest = known === 0 ? undefined : await read(refOf(set, definition, dt, known));
      // A crash between manifest and item hides a revision from the table, not from S3.
      for (let revision = known + 1; ; revision += 1) {
        const next = await find(refOf(set, definition, dt, revision));
        if (next === undefined) return newest;
        newest = next;
      }
    },

    async newestServing(set, definition, dates) {
      const [newest] = dates;
      const oldest = dates.at(-1);
      if (newest === undefined || oldest === undefined) return undefined;
      const entries = await index.between(set, definition, oldest, newest);
      const entry = entries.findLast(({ dt }) => dates.includes(dt));
      return entry === undefined ? undefined : refOf(set, definition, entry.dt, entry.revision);
    },

    list: async (set, definition, from = '0000-01-01', to = '9999-12-31') =>
      await index.between(set, definition, from, to),

    async commit(manifest) {
      const committed = await putOrAdopt(objects, manifest);
      await index.put(committed);
      await removeUnnamed(objects, committed);
      return committed;
    },

    async repair(set, definition) {
      let found = 0;
      for await (const { key } of objects.list(`features/${set}/${definition}/`)) {
        if (!key.endsWith('/manifest.json')) continue;
        await index.put(parseManifest(await objects.get(key), objects.uri(key)));
        found += 1;
      }
      return found;
    },
  };
}

function refOf(set: string, definition: string, dt: string, revision: number): PartitionRef {
  return { feature_set: set, definition_digest: definition, dt, revision };
}

async function putOrAdopt(objects: ObjectStore, manifest: PartitionManifest): Promise<PartitionManifest> {
  const key = manifestKey(manifest);
  try {
    await objects.putIfAbsent(key, canonicalJson(manifest), 'application/json');
    return manifest;
  } catch (error) {
    if (!(error instanceof MillraceError && error.code === 'OBJECT_EXISTS')) throw error;
    return parseManifest(await objects.get(key), objects.uri(key));
  }
}

/** Once a manifest stands, no other part beside it can ever be committed, whoever wrote it. */
async function removeUnnamed(objects: ObjectStore, manifest: PartitionManifest): Promise<void> {
  const named = new Set([manifestKey(manifest), ...manifest.parts.map(({ key }) => key)]);
  const strays: string[] = [];
  for await (const { key } of objects.list(partitionPrefix(manifest))) if (!named.has(key)) strays.push(key);
  await objects.remove(strays);
}
