import { z } from 'zod';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { getIfPresent } from '#platform/objects/verified-object.ts';
import type { DagSpec } from './dag-spec.ts';
import { validSpec } from './parse-dag-spec.ts';

/** One object that holds the content of all specs, so that a listing reads one object and not a thousand. */
export const SPEC_INDEX = 'airflow/dag-specs.json';

/** A spec and the ETag of the object that it was read from. */
export interface IndexedSpec {
  readonly key: string;
  readonly etag: string;
  readonly spec: DagSpec;
}

const indexSchema = z.object({
  index_version: z.literal(1),
  specs: z.array(z.object({ key: z.string(), etag: z.string().min(1), spec: z.unknown() })),
});

/**
 * By key. The index is derived from the specs and only saves reading them: an entry counts while its ETag is that of
 * the object. An index that is missing, broken or from another release is empty, and so is an entry without a valid
 * spec.
 */
export async function readSpecIndex(objects: ObjectStore): Promise<ReadonlyMap<string, IndexedSpec>> {
  const bytes = await getIfPresent(objects, SPEC_INDEX);
  const index = indexSchema.safeParse(bytes === undefined ? undefined : jsonOrUndefined(bytes));
  const specs = new Map<string, IndexedSpec>();
  for (const { key, etag, spec: value } of index.data?.specs ?? []) {
    const spec = validSpec(value, key);
    if (spec !== undefined) specs.set(key, { key, etag, spec });
  }
  return specs;
}

/** Of two writers at once the last one wins: every reader compares the ETags anyway. */
export async function writeSpecIndex(objects: ObjectStore, specs: readonly IndexedSpec[]): Promise<void> {
  await objects.put(SPEC_INDEX, JSON.stringify({ index_version: 1, specs }), 'application/json');
}

export function jsonOrUndefined(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
