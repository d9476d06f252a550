import type { ObjectStore } from './object-store.ts';

/**
 * Removes objects that a failed writer put under unique names and that no manifest names. Never rejects: the writer's
 * own failure is the one to report, and the nightly sweep removes what is left.
 */
export async function removeStrays(objects: ObjectStore, keys: readonly string[]): Promise<void> {
  await objects.remove(keys).catch(() => undefined);
}
