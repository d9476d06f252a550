import pLimit from 'p-limit';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { ConfigFile } from '#configs/load.ts';
import { type Pair, pairKey } from '#configs/pair.ts';
import { hasCode } from '#errors/cause.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { Registry } from '#registry/registry.ts';
import type { InUseDeps } from './documents-in-use.ts';
import { checkFiles } from './check-files.ts';
import { knownPartitions, pastTrainings } from './past-runs.ts';
import type { Removal } from './removal.ts';
import { planConfigs, planScope, type Plan } from './plan.ts';

export interface PlanDeps {
  readonly configs: Pick<ConfigStore, 'at' | 'current'>;
  readonly registry: InUseDeps['registry'] & Pick<Registry, 'versions'>;
  readonly partitions: Pick<PartitionStore, 'list'>;
  readonly now: () => Date;
}

const READS_AT_ONCE = 16;

/** Plans what applying the files and the removal now would change. Throws what `checkFiles` does. */
export async function planFiles(
  deps: PlanDeps,
  files: readonly ConfigFile[],
  removal: Removal = {},
): Promise<Plan> {
  const base = await deps.configs.current();
  const change = await checkFiles(deps, files, base, removal);
  const scope = planScope(base, change, deps.now());
  const [live, { committed, past: builds }, trainings] = await Promise.all([
    liveVersions(deps.registry, scope.pairs),
    knownPartitions(deps.partitions, base, scope.wanted),
    pastTrainings(deps.registry, scope.models),
  ]);
  return planConfigs(scope, { live, committed, builds, trainings });
}

async function liveVersions(
  registry: Pick<Registry, 'state'>,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<string, number>> {
  const limit = pLimit(READS_AT_ONCE);
  const found = await Promise.all(pairs.map((pair) => limit(() => liveVersion(registry, pair))));
  return new Map(found.flat());
}

async function liveVersion(
  registry: Pick<Registry, 'state'>,
  pair: Pair,
): Promise<readonly (readonly [string, number])[]> {
  try {
    const { live } = await registry.state(pair);
    return live === null ? [] : [[pairKey(pair), live.version]];
  } catch (error) {
    // A pair exists from its first version on.
    if (hasCode(error, 'PAIR_NOT_FOUND')) return [];
    throw error;
  }
}
