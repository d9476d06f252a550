import type { ConfigStore } from '#catalog/config-store.ts';
import type { ConfigFile } from '#configs/load.ts';
import { type Pair, pairKey } from '#configs/pair.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { Registry } from '#registry/registry.ts';
import type { InUseDeps } from './documents-in-use.ts';
import { checkFiles } from './check-files.ts';
import type { PartitionsWanted } from './partitions-wanted.ts';
import type { Removal } from './removal.ts';
import { planConfigs, planScope, type Plan } from './plan.ts';

export interface PlanDeps {
  readonly configs: Pick<ConfigStore, 'at' | 'current'>;
  readonly registry: InUseDeps['registry'];
  readonly partitions: Pick<PartitionStore, 'list'>;
  readonly now: () => Date;
}

/** Plans what applying the files and the removal now would change. Throws what `checkFiles` does. */
export async function planFiles(
  deps: PlanDeps,
  files: readonly ConfigFile[],
  removal: Removal = {},
): Promise<Plan> {
  const base = await deps.configs.current();
  const change = await checkFiles(deps, files, base, removal);
  const scope = planScope(base, change, deps.now().toISOString().slice(0, 10));
  const live = await liveVersions(deps.registry, scope.pairs);
  const committed = await committedDates(deps.partitions, scope.wanted);
  return planConfigs(scope, { live, committed });
}

async function liveVersions(
  registry: Pick<Registry, 'state'>,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<string, number>> {
  const live = new Map<string, number>();
  for (const pair of pairs) {
    try {
      const state = await registry.state(pair);
      if (state.live !== null) live.set(pairKey(pair), state.live.version);
    } catch (error) {
      // A pair exists from its first version on.
      if (!(error instanceof MillraceError && error.code === 'PAIR_NOT_FOUND')) throw error;
    }
  }
  return live;
}

async function committedDates(
  partitions: Pick<PartitionStore, 'list'>,
  wanted: readonly PartitionsWanted[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const committed = new Map<string, ReadonlySet<string>>();
  for (const { feature_set, definition_digest } of wanted) {
    const entries = await partitions.list(feature_set, definition_digest);
    committed.set(feature_set, new Set(entries.map(({ dt }) => dt)));
  }
  return committed;
}
