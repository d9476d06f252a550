import { digestOf } from '#configs/canonical.ts';
import { type ConfigSet, documentKey, type DocumentKey } from '#configs/config-set.ts';
import type { OwnerConcerned } from '#configs/owner-concerned.ts';
import { type Pair, pairKey } from '#configs/pair.ts';
import type { AppliedConfigs } from '#catalog/applied-configs.ts';
import { planDigest } from '#catalog/conditions.ts';
import { afterChange, appliedOne, changedDocuments, type ConfigChange } from '#catalog/config-change.ts';
import { ownersConcerned } from '#catalog/owners-concerned.ts';
import { changedPaths } from './changed-paths.ts';
import { definitionOf, inOrder } from './config-views.ts';
import { estimateOf, type PlanEstimate } from './estimate.ts';
import { modelsToRetrain, type ModelToRetrain } from './models-to-retrain.ts';
import type { PastRuns } from './past-runs.ts';
import { type PartitionReason, type PartitionsWanted, partitionsWanted } from './partitions-wanted.ts';

/** Partitions of one set that the documents need and that are not committed under its new definition. */
export interface PartitionsToBuild {
  readonly feature_set: string;
  readonly definition_digest: string;
  readonly count: number;
  /** Estimated from committed partitions of the set; null if there are none. */
  readonly bytes: number | null;
  /** `YYYY-MM-DD`, both inclusive; dates in between may be committed. */
  readonly first: string;
  readonly last: string;
  readonly because: PartitionReason;
}

/** A live version whose pair's configuration changes. The version itself does not change until another one is deployed. */
export interface LivePairTouched extends Pair {
  readonly version: number;
  readonly because: readonly string[];
}

/** What applying the documents would change. Plain JSON, in an order independent of that of the files. */
export interface Plan {
  /** Names the change and the state that it was planned on. An apply must name it. */
  readonly plan_digest: string;
  readonly base_digest: string;
  readonly revision: number;
  readonly documents: {
    readonly created: readonly DocumentKey[];
    readonly changed: readonly { readonly key: DocumentKey; readonly paths: readonly string[] }[];
    readonly unchanged: readonly DocumentKey[];
    readonly removed: readonly DocumentKey[];
  };
  readonly partitions: readonly PartitionsToBuild[];
  readonly models: readonly ModelToRetrain[];
  readonly live_pairs: readonly LivePairTouched[];
  /** Teams without which the change cannot be applied, and why. */
  readonly owners: readonly OwnerConcerned[];
  readonly estimate: PlanEstimate;
}

/** Input of a plan that needs no store. */
export interface PlanScope {
  readonly base: AppliedConfigs;
  /** Valid together with the base. */
  readonly change: ConfigChange;
  /** Pairs that the change touches, with or without a live version. */
  readonly pairs: readonly Pair[];
  readonly wanted: readonly PartitionsWanted[];
  readonly models: readonly ModelToRetrain[];
}

/** What the stores hold for a scope. */
export interface PlanFacts {
  /** Live version by `pairKey`, for at least every pair of the scope. */
  readonly live: ReadonlyMap<string, number>;
  /** By set, the dates committed under its new definition, for at least every set of the scope. */
  readonly committed: ReadonlyMap<string, ReadonlySet<string>>;
  /** By set, what its builds took. */
  readonly builds: ReadonlyMap<string, PastRuns>;
  /** By `pairKey`, what its trainings took. */
  readonly trainings: ReadonlyMap<string, PastRuns>;
}

/** A set without an end date has partitions up to today, in its time zone. */
export function planScope(base: AppliedConfigs, change: ConfigChange, now: Date): PlanScope {
  const pairs = pairsConcerned(base, change);
  const models = modelsToRetrain(base.configs, afterChange(base.configs, change));
  return { base, change, pairs, wanted: partitionsWanted(base, change, models, now), models };
}

export function planConfigs({ base, change, pairs, wanted, models }: PlanScope, facts: PlanFacts): Plan {
  const before = base.configs;
  const after = afterChange(before, change);
  const { created, changed, unchanged, removed } = changedDocuments(base, change);
  const paths = changedPathsOf(base, change, changed);
  const partitions = wanted.flatMap((one) => toBuild(one, facts));
  return {
    plan_digest: planDigest(base, change),
    base_digest: base.base_digest,
    revision: base.revision,
    documents: {
      created,
      changed: changed.map((key) => ({ key, paths: paths.get(key) ?? [] })),
      unchanged,
      removed,
    },
    partitions,
    models,
    live_pairs: pairs.flatMap((pair) => {
      const version = facts.live.get(pairKey(pair));
      if (version === undefined) return [];
      return [{ ...pair, version, because: reasonsFor(pair, before, after, paths) }];
    }),
    owners: ownersConcerned(before, after),
    estimate: estimateOf(partitions, models, facts),
  };
}

function changedPathsOf(
  base: AppliedConfigs,
  { documents }: ConfigChange,
  changed: readonly DocumentKey[],
): ReadonlyMap<DocumentKey, readonly string[]> {
  const keys = new Set(changed);
  return new Map(
    documents
      .filter((document) => keys.has(documentKey(document)))
      .map((document) => [documentKey(document), changedPaths(appliedOne(base, document), document)]),
  );
}

/** Currently configured pairs that this change would touch, with or without a live version. */
function pairsConcerned(base: AppliedConfigs, change: ConfigChange): Pair[] {
  const before = base.configs;
  const after = afterChange(before, change);
  return inOrder(before.models).flatMap((model) => {
    const next = after.models.get(model.name);
    const same =
      next !== undefined &&
      digestOf(next) === digestOf(model) &&
      definitionOf(model.feature_set, before) === definitionOf(model.feature_set, after);
    return same ? [] : [{ model: model.name, feature_set: model.feature_set }];
  });
}

function toBuild(
  { dates, ...wanted }: PartitionsWanted,
  { committed, builds }: PlanFacts,
): PartitionsToBuild[] {
  const standing = committed.get(wanted.feature_set);
  const missing = dates.filter((date) => standing?.has(date) !== true);
  const [first] = missing;
  const last = missing.at(-1);
  if (first === undefined || last === undefined) return [];
  const each = builds.get(wanted.feature_set)?.bytes ?? null;
  const bytes = each === null ? null : Math.round(each * missing.length);
  return [{ ...wanted, count: missing.length, bytes, first, last }];
}

function reasonsFor(
  pair: Pair,
  before: ConfigSet,
  after: ConfigSet,
  paths: ReadonlyMap<DocumentKey, readonly string[]>,
): string[] {
  const next = after.models.get(pair.model);
  const reasons =
    next !== undefined && next.feature_set !== pair.feature_set
      ? [`the model moves to feature set ${next.feature_set}`]
      : [];
  if (definitionOf(pair.feature_set, before) !== definitionOf(pair.feature_set, after)) {
    reasons.push('its features are defined differently');
  }
  const tops = [...new Set((paths.get(`Model/${pair.model}`) ?? []).map((path) => path.split(/[.[]/, 1)[0]))];
  if (tops.length > 0) reasons.push(`its model changes in ${tops.join(', ')}`);
  return reasons;
}
