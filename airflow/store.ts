import pLimit from 'p-limit';
import { z } from 'zod';
import { canonicalJson, digestOf } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { getIfPresent } from '#platform/objects/verified-object.ts';
import type { Pair } from '#configs/pair.ts';
import { dagSpecSchema } from './dag-spec-schema.ts';
import { DAG_SPECS, dagSpecKey, type DagSpec } from './dag-spec.ts';

/** DAG specs in the object store, one object per pair. Airflow's DAG folder is synchronised from there. */
export interface DagSpecStore {
  /** Writes the spec unless the stored bytes are the same. */
  write(pair: Pair, spec: DagSpec): Promise<{ readonly key: string; readonly changed: boolean }>;
  /** No-op if there is none. */
  remove(pair: Pair): Promise<void>;
  /** Throws `DAG_SPEC_INVALID`. */
  read(pair: Pair): Promise<DagSpec | undefined>;
  /**
   * Every spec by ascending `dag_id`, and the keys of objects that are not valid specs, so that one bad object does not
   * hide the others.
   */
  list(): Promise<{ readonly specs: readonly DagSpec[]; readonly invalid: readonly string[] }>;
}

const READS_AT_ONCE = 16;

export function createDagSpecStore(objects: ObjectStore): DagSpecStore {
  const bytes = (key: string): Promise<Buffer | undefined> => getIfPresent(objects, key);

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
      return found && parseDagSpec(found, objects.uri(key));
    },

    async list() {
      const keys: string[] = [];
      for await (const { key } of objects.list(DAG_SPECS)) keys.push(key);
      const limit = pLimit(READS_AT_ONCE);
      const files = await Promise.all(
        keys.map((key) => limit(async () => ({ key, found: await bytes(key) }))),
      );
      const specs: DagSpec[] = [];
      const invalid: string[] = [];
      for (const { key, found } of files) {
        if (found === undefined) continue;
        try {
          specs.push(parseDagSpec(found, objects.uri(key)));
        } catch (error) {
          if (!(error instanceof MillraceError)) throw error;
          invalid.push(key);
        }
      }
      return { specs, invalid };
    },
  };
}

/** Throws `DAG_SPEC_INVALID`. */
function parseDagSpec(text: Buffer, where: string): DagSpec {
  const refuse = (what: string, cause?: unknown) =>
    new MillraceError('DAG_SPEC_INVALID', what, { where, cause });
  let spec: DagSpec;
  try {
    spec = dagSpecSchema.parse(JSON.parse(text.toString()));
  } catch (error) {
    throw refuse(error instanceof z.ZodError ? z.prettifyError(error) : 'The file is not JSON.', error);
  }
  const { content_hash, ...content } = spec;
  if (digestOf(content) !== content_hash) throw refuse('the content hash is of another content');
  return spec;
}
