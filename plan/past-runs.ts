import pLimit from 'p-limit';
import type { AppliedConfigs } from '#catalog/applied-configs.ts';
import { type Pair, pairKey } from '#configs/pair.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { Registry } from '#registry/registry.ts';
import { definitionOf } from './config-views.ts';
import type { PartitionsWanted } from './partitions-wanted.ts';

/** What earlier runs of the same kind took. */
export interface PastRuns {
  /** Mean bytes of a partition; null if none is known. */
  readonly bytes: number | null;
  /** Mean seconds of a run; null if none is known. */
  readonly seconds: number | null;
  /** How many runs `seconds` rests on. */
  readonly runs: number;
}

/** What the partition store holds for a plan, by set. */
export interface KnownPartitions {
  /** Dates committed under the new definition. */
  readonly committed: ReadonlyMap<string, ReadonlySet<string>>;
  readonly past: ReadonlyMap<string, PastRuns>;
}

const READS_AT_ONCE = 16;
/** Older runs tell less about the next one. */
const NEWEST_BUILDS = 20;
const NEWEST_TRAININGS = 5;

/** Committed partitions of each set, and what their builds took: under the new definition, else under the applied one. */
export async function knownPartitions(
  partitions: Pick<PartitionStore, 'list'>,
  base: AppliedConfigs,
  wanted: readonly PartitionsWanted[],
): Promise<KnownPartitions> {
  const limit = pLimit(READS_AT_ONCE);
  const sets = new Map(wanted.map((one) => [one.feature_set, one.definition_digest]));
  const found = await Promise.all(
    [...sets].map(([set, definition]) =>
      limit(async () => {
        const entries = await partitions.list(set, definition);
        const applied = definitionOf(set, base.configs);
        const similar =
          entries.length > 0 || applied === '' || applied === definition
            ? entries
            : await partitions.list(set, applied);
        const newest = similar.toSorted((a, b) => (a.built_at < b.built_at ? 1 : -1)).slice(0, NEWEST_BUILDS);
        return { set, dates: new Set(entries.map(({ dt }) => dt)), past: pastRuns(newest) };
      }),
    ),
  );
  return {
    committed: new Map(found.map(({ set, dates }) => [set, dates])),
    past: new Map(found.map(({ set, past }) => [set, past])),
  };
}

/** What the trainings of the newest versions of each pair took, by `pairKey`. */
export async function pastTrainings(
  registry: Pick<Registry, 'versions'>,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<string, PastRuns>> {
  const limit = pLimit(READS_AT_ONCE);
  return new Map(
    await Promise.all(
      pairs.map(({ model, feature_set }) =>
        limit(async () => {
          const pair = { model, feature_set };
          const { items } = await registry.versions(pair, { limit: NEWEST_TRAININGS });
          return [pairKey(pair), pastRuns(items.map(({ build }) => build))] as const;
        }),
      ),
    ),
  );
}

function pastRuns(
  runs: readonly { readonly bytes?: number | undefined; readonly seconds?: number | undefined }[],
): PastRuns {
  const seconds = runs.map((run) => run.seconds).filter((value) => value !== undefined);
  const bytes = runs.map((run) => run.bytes).filter((value) => value !== undefined);
  return { bytes: meanOf(bytes), seconds: meanOf(seconds), runs: seconds.length };
}

function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
