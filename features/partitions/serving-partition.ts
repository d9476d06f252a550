import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import { definitionDigest } from '../definition.ts';
import type { InputStores } from './inputs.ts';
import type { PartitionRef } from './partition.ts';
import { type PartitionChoice, planRefresh, standingPartition } from './refresh.ts';

/** The partition of the newest date, built or not, and an older one that stands. */
export interface ServingPartition {
  readonly newest: PartitionChoice;
  /** Used if the newest cannot be built. */
  readonly fallback: PartitionRef | null;
}

/**
 * Chooses among the dates that may serve, newest first. A partition that was built before its date was complete serves only if
 * nothing has been added since. If that cannot be seen now, an older one serves; without an older one the error is thrown.
 *
 * @param refresh build the newest date anew if its inputs have changed since it was built
 */
export async function servingPartition(
  stores: InputStores,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  {
    dates: [dt, ...older],
    refresh = false,
  }: { readonly dates: readonly string[]; readonly refresh?: boolean },
): Promise<ServingPartition | undefined> {
  if (dt === undefined) return undefined;
  const shared: InputStores = { ...stores, listed: new Map() };
  const choose = refresh ? planRefresh : standingPartition;
  const fallback = await newestStanding(shared, set, configs, older);
  try {
    return { newest: await choose(shared, set, configs, dt), fallback };
  } catch (error) {
    if (fallback === null || !(error instanceof MillraceError)) throw error;
    return { newest: { ref: fallback, build: false }, fallback: null };
  }
}

async function newestStanding(
  stores: InputStores,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dates: readonly string[],
): Promise<PartitionRef | null> {
  const [newest, oldest] = [dates[0], dates.at(-1)];
  if (newest === undefined || oldest === undefined) return null;
  const committed = await stores.partitions.list(set.name, definitionDigest(set, configs), oldest, newest);
  const built = new Set(committed.map(({ dt }) => dt));
  for (const dt of dates.filter((one) => built.has(one))) {
    try {
      const { ref, build } = await standingPartition(stores, set, configs, dt);
      if (!build) return ref;
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
    }
  }
  return null;
}
