import type { InputSnapshot, PartitionManifest } from './partition.ts';

/** The revision to build beside those there are; 1 for the first. */
export function nextRevision(existing: readonly { readonly revision: number }[]): number {
  return Math.max(0, ...existing.map(({ revision }) => revision)) + 1;
}

/** Whether anything a partition was built from has changed since: rows that came late, a correction, another file. */
export function isStale(manifest: Pick<PartitionManifest, 'inputs'>, now: readonly InputSnapshot[]): boolean {
  const digests = (inputs: readonly InputSnapshot[]): string =>
    inputs
      .map(({ kind, name, digest }) => `${kind} ${name} ${digest}`)
      .sort()
      .join('\n');
  return digests(manifest.inputs) !== digests(now);
}
