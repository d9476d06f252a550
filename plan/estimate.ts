import { pairKey } from '#configs/pair.ts';
import type { ModelToRetrain } from './models-to-retrain.ts';
import type { PastRuns } from './past-runs.ts';
import type { PartitionsToBuild } from './plan.ts';

/** What the work of a plan would take if it went like past runs of the same sets and pairs, one after the other. */
export interface PlanEstimate {
  /** Of all builds and trainings with past runs. */
  readonly seconds: number;
  /** How many past runs it rests on. */
  readonly past_runs: number;
  /** Work without past runs, which `seconds` leaves out: `partitions of habits`, `training of churn/habits`. */
  readonly unknown: readonly string[];
}

interface Work {
  readonly name: string;
  readonly count: number;
  readonly past: PastRuns | undefined;
}

export function estimateOf(
  partitions: readonly PartitionsToBuild[],
  models: readonly ModelToRetrain[],
  past: { readonly builds: ReadonlyMap<string, PastRuns>; readonly trainings: ReadonlyMap<string, PastRuns> },
): PlanEstimate {
  const works: readonly Work[] = [
    ...[...new Set(partitions.map(({ feature_set }) => feature_set))].map((set) => ({
      name: `partitions of ${set}`,
      count: partitions.reduce((sum, one) => sum + (one.feature_set === set ? one.count : 0), 0),
      past: past.builds.get(set),
    })),
    ...models.map((pair) => ({
      name: `training of ${pairKey(pair)}`,
      count: 1,
      past: past.trainings.get(pairKey(pair)),
    })),
  ];
  const seconds = works.reduce((sum, { count, past: runs }) => sum + count * (runs?.seconds ?? 0), 0);
  return {
    seconds: Math.round(seconds * 1_000) / 1_000,
    past_runs: works.reduce((sum, { past: runs }) => sum + (runs?.runs ?? 0), 0),
    unknown: works.filter(({ past: runs }) => (runs?.seconds ?? null) === null).map(({ name }) => name),
  };
}
