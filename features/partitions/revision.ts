import type { InputSnapshot, PartitionManifest } from './partition.ts';

/** The revision to build next; 1 if there is none. */
export function nextRevision(existing: readonly { readonly revision: number }[]): number {
  return Math.max(0, ...existing.map(({ revision }) => revision)) + 1;
}

/** Whether any input of a partition has changed since it was built: late rows, a correction, another file. */
export function isStale(manifest: Pick<PartitionManifest, 'inputs'>, now: readonly InputSnapshot[]): boolean {
  const digests = (inputs: readonly InputSnapshot[]): string =>
    inputs
      .map(({ kind, name, digest }) => `${kind} ${name} ${digest}`)
      .sort()
      .join('\n');
  return digests(manifest.inputs) !== digests(now);
}
