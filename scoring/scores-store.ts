import { canonicalJson } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { TableHandle } from '#platform/table/table.ts';
import type { Pair } from '#configs/pair.ts';
import { openScoresIndex, type ScoresEntry } from './scores-index.ts';
import { parseScoresManifest } from './scores-manifest.ts';
import { scoresPrefix, type ScoresManifest, type ScoresRef } from './scores.ts';

/** Committed scores. A partition exists once its manifest does; the table only says where to look. */
export interface ScoresStore {
  /** Consistent: reads the manifest itself, and mends the table's item when a crash left it out. */
  find(ref: ScoresRef): Promise<ScoresManifest | undefined>;
  /**
   * Puts the manifest, last and once. Whoever comes second gets the winner's manifest back. In both cases parts that the
   * committed manifest does not name are removed. Throws `SCORES_PART_GONE` rather than name a part that is not there.
   */
  commit(manifest: ScoresManifest): Promise<ScoresManifest>;
  /** The day's scores: the last built ones of any version, or of the one asked for. */
  newest(pair: Pair, scoreDate: string, version?: number): Promise<ScoresManifest | undefined>;
  /** Ascending by date, version and revision; both dates belong to it. */
  list(pair: Pair, from?: string, to?: string): Promise<readonly ScoresEntry[]>;
  /** First revision of the version and date without a manifest; 1 where there are none. */
  nextRevision(pair: Pair, version: number, scoreDate: string): Promise<number>;
}

export function scoresManifestKey(ref: ScoresRef): string {
  return `${scoresPrefix(ref)}manifest.json`;
}

export function createScoresStore(table: TableHandle, objects: ObjectStore): ScoresStore {
  const index = openScoresIndex(table);

  async function read(ref: ScoresRef): Promise<ScoresManifest | undefined> {
    const key = scoresManifestKey(ref);
    try {
      return parseScoresManifest(await objects.get(key), objects.uri(key));
    } catch (error) {
      if (error instanceof MillraceError && error.code === 'OBJECT_NOT_FOUND') return undefined;
      throw error;
    }
  }

  async function find(ref: ScoresRef): Promise<ScoresManifest | undefined> {
    const manifest = await read(ref);
    if (manifest !== undefined) await index.put(manifest, scoresManifestKey(ref));
    return manifest;
  }

  return {
    find,

    async commit(manifest) {
      const key = scoresManifestKey(manifest);
      const gone = await missingPart(objects, manifest);
      // Somebody who committed first has removed our parts.
      const committed = gone === undefined ? await putOrAdopt(objects, key, manifest) : await read(manifest);
      if (committed === undefined) {
        throw new MillraceError('SCORES_PART_GONE', `${gone} is not there any more`, {
          where: objects.uri(key),
        });
      }
      await index.put(committed, key);
      await removeUnnamed(objects, key, committed);
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

    async nextRevision(pair, version, scoreDate) {
      const known = await index.ofVersion(pair, scoreDate, version);
      const ref = { model: pair.model, feature_set: pair.feature_set, version, score_date: scoreDate };
      let revision = Math.max(0, ...known.map((entry) => entry.revision)) + 1;
      while ((await find({ ...ref, revision })) !== undefined) revision += 1;
      return revision;
    },
  };
}

/** Key of a part that is not there as it was written. */
async function missingPart(objects: ObjectStore, { parts }: ScoresManifest): Promise<string | undefined> {
  for (const { key, size } of parts) if ((await objects.head(key))?.size !== size) return key;
  return undefined;
}

async function putOrAdopt(
  objects: ObjectStore,
  key: string,
  manifest: ScoresManifest,
): Promise<ScoresManifest> {
  try {
    await objects.putIfAbsent(key, canonicalJson(manifest), 'application/json');
    return manifest;
  } catch (error) {
    if (!(error instanceof MillraceError && error.code === 'OBJECT_EXISTS')) throw error;
    return parseScoresManifest(await objects.get(key), objects.uri(key));
  }
}

/** Once a manifest stands, no other part beside it can ever be committed, whoever wrote it. */
async function removeUnnamed(
  objects: ObjectStore,
  manifestKey: string,
  manifest: ScoresManifest,
): Promise<void> {
  const named = new Set([manifestKey, ...manifest.parts.map(({ key }) => key)]);
  const strays: string[] = [];
  for await (const { key } of objects.list(scoresPrefix(manifest))) if (!named.has(key)) strays.push(key);
  await objects.remove(strays);
}

function byAge(a: ScoresEntry, b: ScoresEntry): number {
  return a.built_at.localeCompare(b.built_at) || a.version - b.version || a.revision - b.revision;
}
