import type { Client } from '@temporalio/client';
import type { ConfigStore } from '#catalog/config-store.ts';
import { featureSetNamed } from '#catalog/feature-configs.ts';
import type { BuildDeps } from '#features/partitions/build-table.ts';
import { materialisePartition } from '#features/partitions/materialise.ts';
import { upstreamDateOf } from '#features/partitions/upstream-date.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import { planRefresh, standingPartition } from '#features/partitions/refresh.ts';
import { TASK_QUEUES, workflowId } from '#workflows/contract/ids.ts';
import { partitionSummary, type PartitionSummary } from '#features/partitions/partition-summary.ts';
import type { MaterialiseInput } from '#workflows/contract/messages.ts';
import { searchAttributes } from '#workflows/contract/search-attributes.ts';
import { withHeartbeat } from './heartbeat.ts';
import { ensureRun } from './shared-runs.ts';
import { attemptName, runIdentity } from './run-identity.ts';

export interface FeatureDeps {
  readonly client: Client;
  readonly configs: ConfigStore;
  readonly partitions: PartitionStore;
  readonly builds: BuildDeps;
}

/** A later revision is built because inputs have changed, perhaps those of the sets below it. */
export type UpstreamRef = PartitionRef & { readonly refresh?: true };

export type FeatureActivities = ReturnType<typeof createFeatureActivities>;

export function createFeatureActivities(deps: FeatureDeps) {
  return {
    async findPartition(ref: PartitionRef): Promise<PartitionSummary | null> {
      const manifest = await deps.partitions.find(ref);
      return manifest === undefined ? null : partitionSummary(manifest);
    },

    /**
     * Partitions of other sets that the query reads: for each the one that stands for the date that serves this one or, in a refresh, the one with all that
     * has changed.
     */
    async upstreamPartitions({ ref, configs, refresh }: MaterialiseInput): Promise<readonly UpstreamRef[]> {
      const { configs: all } = await deps.configs.at(configs);
      const stores = { ...deps.builds, listed: new Map() };
      const choose = refresh === true ? planRefresh : standingPartition;
      return Promise.all(
        featureSetNamed(all, ref.feature_set).feature_sets.map(async (name) => {
          const read = featureSetNamed(all, name);
          const { ref: upstream, build } = await choose(stores, read, all, upstreamDateOf(read, ref.dt));
          return { ...upstream, ...(build && upstream.revision > 1 && { refresh: true as const }) };
        }),
      );
    },

    /** Runs the query and its checks, then commits; if it loses a race, it adopts the winner's commit. */
    async buildPartition({ ref, configs }: MaterialiseInput): Promise<PartitionSummary> {
      const applied = await deps.configs.at(configs);
      return withHeartbeat(async ({ tell, signal }) => {
        const manifest = await materialisePartition(deps.builds, {
          ref,
          configs: applied.configs,
          builtBy: runIdentity(),
          attempt: attemptName(),
          heartbeat: tell,
          signal,
        });
        return partitionSummary(await deps.partitions.commit(manifest));
      });
    },

    /** Several trainings may need the same partition: the first one builds it, the others wait. */
    async ensurePartition(input: MaterialiseInput): Promise<PartitionSummary> {
      const find = async (): Promise<PartitionSummary | undefined> => {
        const committed = await deps.partitions.find(input.ref);
        return committed && partitionSummary(committed);
      };
      return ensureRun<(input: MaterialiseInput) => Promise<PartitionSummary>>(
        deps.client,
        'materialiseFeatures',
        {
          taskQueue: TASK_QUEUES.lifecycle,
          workflowId: workflowId.materialise(input.ref),
          args: [input],
          staticSummary: `Build ${input.ref.feature_set} as of ${input.ref.dt}`,
          typedSearchAttributes: searchAttributes({ feature_set: input.ref.feature_set }),
        },
        { find },
      );
    },
  };
}
