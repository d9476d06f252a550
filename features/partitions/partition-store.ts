import { MillraceError } from '#errors/millrace-error.ts';
import { createManifestStore } from '#platform/manifests/manifest-store.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { Page, PageRequest } from '#platform/table/page.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { partitionManifests } from './manifest.ts';
import { openPartitionIndex, type PartitionEntry } from './partition-index.ts';
import type { PartitionManifest, PartitionRef } from './partition.ts';

/** Committed partitions. A partition exists if its manifest does; the table is only an index. */
export interface PartitionStore {
  /** Reads the manifest itself, and adds the table item if a crash left it out. */
  find(ref: PartitionRef): Promise<PartitionManifest | undefined>;
  /** Like `find`, but throws `PARTITION_NOT_FOUND`. */
  get(ref: PartitionRef): Promise<PartitionManifest>;
  /** The newest revision of a date. */
  newest(set: string, definition: string, dt: string): Promise<PartitionManifest | undefined>;
  /** Ascending by date and revision; both dates are inclusive. */
  list(set: string, definition: string, from?: string, to?: string): Promise<readonly PartitionEntry[]>;
  /** One page of the same. Throws `PAGE_TOKEN_INVALID`. */
  page(
    set: string,
    definition: string,
    dates: { readonly from?: string | undefined; readonly to?: string | undefined },
    page: PageRequest,
  ): Promise<Page<PartitionEntry>>;
  /** Commits the manifest, or adopts the one that was committed first, and adds it to the index. */
  commit(manifest: PartitionManifest): Promise<PartitionManifest>;
}

export function createPartitionStore(table: TableHandle, objects: ObjectStore): PartitionStore {
  const index = openPartitionIndex(table);
  const manifests = createManifestStore(objects, partitionManifests);

  const read = async (ref: PartitionRef): Promise<PartitionManifest | undefined> =>
    (await manifests.find(ref))?.manifest;

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
        { where: objects.uri(manifests.keyOf(ref)), details: { ...ref } },
      );
    },

    async newest(set, definition, dt) {
      const known = (await index.between(set, definition, dt, dt)).at(-1)?.revision ?? 0;
      let newest = known === 0 ? undefined : await read(refOf(set, definition, dt, known));
      // After a crash between manifest and item, a revision is missing in the table but exists in S3.
      for (let revision = known + 1; ; revision += 1) {
        const next = await find(refOf(set, definition, dt, revision));
        if (next === undefined) return newest;
        newest = next;
      }
    },

    list: async (set, definition, from = '0000-01-01', to = '9999-12-31') =>
      await index.between(set, definition, from, to),

    page: (set, definition, { from = '0000-01-01', to = '9999-12-31' }, page) =>
      index.page(set, definition, { from, to }, page),

    async commit(manifest) {
      const { manifest: committed } = await manifests.commit(manifest);
      await index.put(committed);
      return committed;
    },
  };
}

function refOf(set: string, definition: string, dt: string, revision: number): PartitionRef {
  return { feature_set: set, definition_digest: definition, dt, revision };
}
