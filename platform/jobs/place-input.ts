import { canonicalJson, sha256Hex } from '#configs/canonical.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { JobProgram, JobSpec } from './job-program.ts';

/**
 * Writes a program's input below its output folder, once, under its digest as name. A repeated call, or a worker that
 * adopts the job, finds it there.
 */
export async function placeInput(objects: ObjectStore, program: JobProgram): Promise<JobSpec> {
  const body = canonicalJson(program.input ?? null);
  const sha256 = sha256Hex(body);
  const key = `${objects.keyOf(program.output)}input-${sha256}.json`;
  // The name is the digest of the content, so an existing object is the same.
  await objects.putIfAbsent(key, body, 'application/json');
  return { ...program, input: { uri: objects.uri(key), sha256 } };
}
