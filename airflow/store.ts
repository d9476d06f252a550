import pLimit from 'p-limit';
import { canonicalJson, digestOf } from '#configs/canonical.ts';
import type { ObjectInfo, ObjectStore } from '#platform/objects/object-store.ts';
import { getIfPresent } from '#platform/objects/verified-object.ts';
import type { Pair } from '#configs/pair.ts';
import { DAG_SPECS, dagSpecKey, pairOfKey, type DagSpec } from './dag-spec.ts';
import { parseDagSpec, validSpec } from './parse-dag-spec.ts';
import { jsonOrUndefined, readSpecIndex, writeSpecIndex, type IndexedSpec } from './spec-index.ts';

/** DAG specs in the object store, one object per pair. Airflow's DAG folder is synchronised from there. */
export interface DagSpecStore {
  /** Writes the spec unless the stored bytes are the same. */
  write(pair: Pair, spec: DagSpec): Promise<{ readonly key: string; readonly changed: boolean }>;
  /** No-op if there is none. */
  remove(pair: Pair): Promise<void>;
  /** Throws `DAG_SPEC_INVALID`. */
  read(pair: Pair): Promise<DagSpec | undefined>;
  /**
   * The specs of the pairs that the caller sees, as they are now. Costs one listing, and one object once they are read.
   * Objects that are named after no pair belong to no team, so everybody sees them.
   */
  snapshot(sees: (pair: Pair) => boolean): Promise<DagSpecSnapshot>;
}

export interface DagSpecSnapshot {
  /** Changes whenever a spec of this view does, and never otherwise. */
  readonly etag: string;
  /**
   * Every spec by ascending key, and the keys of objects that are not valid specs, so that one bad object does not hide
   * the others.
   */
  read(): Promise<{ readonly specs: readonly DagSpec[]; readonly invalid: readonly string[] }>;
}

const READS_AT_ONCE = 16;

export function createDagSpecStore(objects: ObjectStore): DagSpecStore {
  const bytes = (key: string): Promise<Buffer | undefined> => getIfPresent(objects, key);

  /** Reads the objects that the index does not hold as they are now, and brings the index up to date. */
  async function readListed(listed: readonly ObjectInfo[]) {
    const index = await readSpecIndex(objects);
    const atOnce = pLimit(READS_AT_ONCE);
    const read = await Promise.all(
      listed.map(async ({ key, etag }) => {
        const known = index.get(key);
        return known?.etag === etag ? known : atOnce(() => readSpec(key, etag));
      }),
    );
    const valid = read.filter((one) => typeof one === 'object');
    const isCurrent = valid.length === index.size && valid.every((one) => index.get(one.key) === one);
    if (!isCurrent) await writeSpecIndex(objects, valid);
    return {
      specs: valid.map(({ spec }) => spec),
      invalid: read.filter((one) => typeof one === 'string'),
    };
  }

  /** The key alone if the object is not a valid spec; undefined if it was removed since the listing. */
  async function readSpec(key: string, etag: string): Promise<IndexedSpec | string | undefined> {
    const found = await bytes(key);
    if (found === undefined) return undefined;
    const spec = validSpec(jsonOrUndefined(found), key);
    return spec === undefined ? key : { key, etag, spec };
  }

  return {
    async write(pair, spec) {
      const key = dagSpecKey(pair);
      const wanted = canonicalJson(spec);
      if ((await bytes(key))?.toString() === wanted) return { key, changed: false };
      await objects.put(key, wanted, 'application/json');
      return { key, changed: true };
    },

    remove: (pair) => objects.remove([dagSpecKey(pair)]),

    async read(pair) {
      const key = dagSpecKey(pair);
      const found = await bytes(key);
      return found && parseDagSpec(found.toString(), objects.uri(key));
    },

    async snapshot(sees) {
      const listed: ObjectInfo[] = [];
      for await (const object of objects.list(DAG_SPECS)) listed.push(object);
      const shown = (key: string): boolean => {
        const pair = pairOfKey(key);
        return pair === undefined || sees(pair);
      };
      const seen = listed.filter(({ key }) => shown(key));
      return {
        etag: digestOf(seen.map(({ key, etag }) => [key, etag])),
        async read() {
          // All of them, because the index holds those of every team.
          const { specs, invalid } = await readListed(listed);
          return { specs: specs.filter((spec) => shown(dagSpecKey(spec))), invalid: invalid.filter(shown) };
        },
      };
    },
  };
}
