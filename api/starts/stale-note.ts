import type { PartitionRef } from '#features/partitions/partition.ts';
import type { Started } from '../workflows/starter.ts';

/** What to say where partitions are used although their inputs have changed since they were built; undefined if there is none. */
export function staleNote(stale: readonly PartitionRef[]): string | undefined {
  const [first] = stale;
  if (first === undefined) return undefined;
  const { feature_set, dt, revision } = first;
  const more = stale.length === 1 ? '' : `, and those of ${stale.length - 1} more dates`;
  return `The inputs of "${feature_set}" at ${dt} have changed since revision ${revision} was built${more}; --refresh builds revision ${revision + 1}.`;
}

/** An answer with what its caller may not expect. An empty note is none. */
export function withNotes<Result>(
  started: Started<Result>,
  note: string | undefined,
  stale: readonly PartitionRef[],
): Started<Result> {
  return {
    ...started,
    ...(note !== undefined && note !== '' && { note }),
    ...(stale.length > 0 && {
      inputs_changed: stale.map(({ feature_set, dt, revision }) => ({ feature_set, dt, revision })),
    }),
  };
}
