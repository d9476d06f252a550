import { createManifestStore, manifestIn } from '#platform/manifests/manifest-store.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { Page, PageRequest } from '#platform/table/page.ts';
import type { TableHandle } from '#platform/table/table.ts';
import type { Pair } from '#configs/pair.ts';
import { openScoresIndex, type ScoresEntry } from './scores-index.ts';
import { scoresManifests } from './scores-manifest.ts';
import { scoresPrefix, type ScoresManifest, type ScoresRef } from './scores.ts';

/** Committed scores. A partition exists if its manifest does; the table is only an index. */
export interface ScoresStore {
  /** Consistent: reads the manifest itself, and adds the table item if a crash left it out. */
  find(ref: ScoresRef): Promise<ScoresManifest | undefined>;
  /** Commits the manifest, or adopts the one that was committed first, and adds it to the index. Throws `SCORES_PART_GONE`. */
  commit(manifest: ScoresManifest): Promise<ScoresManifest>;
  /** The scores of a date: the most recently built ones of any version, or of the given one. */
  newest(pair: Pair, scoreDate: string, version?: number): Promise<ScoresManifest | undefined>;
  /** Ascending by date, version and revision; both dates are inclusive. */
  list(pair: Pair, from?: string, to?: string): Promise<readonly ScoresEntry[]>;
  /** One page of the same. Throws `PAGE_TOKEN_INVALID`. */
  page(
    pair: Pair,
    dates: { readonly from?: string | undefined; readonly to?: string | undefined },
    page: PageRequest,
  ): Promise<Page<ScoresEntry>>;
  /** The next free revision of the version and date; 1 if there is none yet. */
  nextRevision(pair: Pair, version: number, scoreDate: string): Promise<number>;
}

export function scoresManifestKey(ref: ScoresRef): string {
  return manifestIn(scoresPrefix(ref));
}

export function createScoresStore(table: TableHandle, objects: ObjectStore): ScoresStore {
  const index = openScoresIndex(table);
  const manifests = createManifestStore(objects, scoresManifests);

  const read = async (ref: ScoresRef): Promise<ScoresManifest | undefined> =>
    (await manifests.find(ref))?.manifest;

  async function find(ref: ScoresRef): Promise<ScoresManifest | undefined> {
    const manifest = await read(ref);
    if (manifest !== undefined) await index.put(manifest, scoresManifestKey(ref));
    return manifest;
  }

  return {
    find,

    async commit(manifest) {
      const { manifest: committed, key } = await manifests.commit(manifest);
      await index.put(committed, key);
      return committed;
    },

    async newest(pair, scoreDate, version) {
      const entries = await index.between(pair, scoreDate, scoreDate);
      const last = entries
        .filter((entry) => version === undefined || entry.version === version)
        .toSorted(byAge)
        .at(-1);
      return last === undefined ? undefined : read(last);
    },

    list: (pair, from = '0000-01-01', to = '9999-12-31') => index.between(pair, from, to),

    page: (pair, { from = '0000-01-01', to = '9999-12-31' }, page) => index.page(pair, { from, to }, page),

    async nextRevision(pair, version, scoreDate) {
      const known = await index.ofVersion(pair, scoreDate, version);
      const ref = { model: pair.model, feature_set: pair.feature_set, version, score_date: scoreDate };
      let revision = Math.max(0, ...known.map((entry) => entry.revision)) + 1;
      while ((await find({ ...ref, revision })) !== undefined) revision += 1;
      return revision;
    },
  };
}

function byAge(a: ScoresEntry, b: ScoresEntry): number {
  return a.built_at.localeCompare(b.built_at) || a.version - b.version || a.revision - b.revision;
}
