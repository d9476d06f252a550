import type { ObjectStore } from './object-store.ts';

/**
 * Removes what a failed writer put under names of its own, which no manifest names. Never rejects: the first failure is the
 * one to report, and the sweep removes later what stays.
 */
export async function removeStrays(objects: ObjectStore, keys: readonly string[]): Promise<void> {
  await objects.remove(keys).catch(() => undefined);
}
