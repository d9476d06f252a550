import { MillraceError } from '#errors/millrace-error.ts';
import { sharedReads } from '#platform/table/shared-reads.ts';
import type { RegistryStore } from './commit-to-pair.ts';
import { createDeploymentReads } from './deployments/deployment-reads.ts';
import { parseEntry, type DossierEntry } from './dossier/dossier.ts';
import { utcInstant } from './instant.ts';
import { allOf, onePage, type Page, type PageRequest } from '#platform/table/page.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { PairState } from './pair-state.ts';
import { readStage, readVersion, toStage } from './read-items.ts';
import { readState } from './read-state.ts';
import { shardedPage, type ShardedListing } from './search/sharded-listing.ts';
import { duePartitions, listingPartitions } from './shards.ts';
import type { VersionStage } from './versions/stage.ts';
import type { Version } from './versions/version.ts';
import { cachedVersions } from './versions/version-cache.ts';

/**
 * Reads of the registry. All reads of one pair are strongly consistent. Listings across pairs (`pairs`,
 * `pairsMaybeDue`, and those of `search.ts`) come from an index that may lag briefly, so no decision depends on them.
 */
export function createReads(store: RegistryStore) {
  const { entities } = store;
  const version = cachedVersions((pair, number) => readVersion(entities, pair, number));
  const sharedState = sharedReads<PairState>();
  const sharedStage = sharedReads<VersionStage>();

  async function stateIfKnown(pair: Pair): Promise<PairState | undefined> {
    const found = await sharedState(pairKey(pair), () => readState(store, pair));
    return found.seq > 0 ? found : undefined;
  }

  async function state(pair: Pair): Promise<PairState> {
    const found = await stateIfKnown(pair);
    if (found !== undefined) return found;
    throw new MillraceError('PAIR_NOT_FOUND', `The registry has no pair ${pairKey(pair)}.`, {
      where: pairKey(pair),
    });
  }

  async function pairsOf(listing: ShardedListing, page: PageRequest): Promise<Page<Pair>> {
    const { items, ...rest } = await shardedPage(store.table, listing, page);
    return { items: items.map(pairOfKey), ...rest };
  }

  return {
    ...createDeploymentReads(store, stateIfKnown),
    /** Everything the reconciler needs, as one item. Throws `PAIR_NOT_FOUND`. */
    state,
    /** Like `state`, but undefined for a pair that the registry does not have. */
    stateIfKnown,
    /** Takes a version that was already read, so no further read is needed. */
    version,
    /** A version's stage, with its approval or rejection. */
    stage: (pair: Pair, version: number): Promise<VersionStage> =>
      sharedStage(`${pairKey(pair)}/${version}`, () => readStage(entities, pair, version)),
    /** Newest first. */
    versions: (pair: Pair, page: PageRequest = {}): Promise<Page<Version>> =>
      onePage(
        entities.version.query.byPair(pair),
        page,
        { order: 'desc', consistent: true },
        ({ body }) => body,
      ),
    /** The stages of a page of versions, by version, in one read. */
    stagesOf: async (
      pair: Pair,
      versions: readonly Version[],
    ): Promise<ReadonlyMap<number, VersionStage>> => {
      if (versions.length === 0) return new Map();
      const numbers = versions.map(({ version }) => version);
      const query = entities.stage.query
        .byPair(pair)
        .between({ version: Math.min(...numbers) }, { version: Math.max(...numbers) });
      const stages = await allOf(query, toStage);
      return new Map(stages.map((stage) => [stage.version, stage]));
    },
    /** Newest first, like `versions`. */
    stages: (pair: Pair, page: PageRequest = {}): Promise<Page<VersionStage>> =>
      onePage(entities.stage.query.byPair(pair), page, { order: 'desc', consistent: true }, toStage),
    /** The version registered from a training. */
    versionOfTraining: async (pair: Pair, training_id: string): Promise<Version | undefined> => {
      const { data } = await entities.training.get({ ...pair, training_id }).go({ consistent: true });
      return data === null ? undefined : readVersion(entities, pair, data.version);
    },
    /** Oldest first. */
    dossier: (
      pair: Pair,
      page: PageRequest = {},
    ): Promise<Page<DossierEntry & { readonly digest: string }>> =>
      onePage(entities.entry.query.byPair(pair), page, { consistent: true }, ({ text, digest }) => ({
        ...parseEntry({ text, digest }),
        digest,
      })),
    /** By model, then feature set. */
    pairs: (page: PageRequest = {}): Promise<Page<Pair>> =>
      pairsOf({ index: 'gsi2', partitions: listingPartitions('pair') }, page),
    /** Pairs of which some step of the reconciler fails; by model, then feature set. */
    failingPairs: (page: PageRequest = {}): Promise<Page<Pair>> =>
      pairsOf({ index: 'gsi2', partitions: listingPartitions('failing') }, page),
    /** Pairs with work to do at an instant: a due deployment, or unfinished work. The longest due come first. */
    pairsMaybeDue: (now: string, page: PageRequest = {}): Promise<Page<Pair>> =>
      pairsOf({ index: 'gsi1', partitions: duePartitions(), through: utcInstant(now) }, page),
  };
}

export type Reads = ReturnType<typeof createReads>;

/** Takes the pair from the end of a key. */
function pairOfKey(key: string): Pair {
  const [model = '', feature_set = ''] = key.split('/').slice(-2);
  return { model, feature_set };
}
