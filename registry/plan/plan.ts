import { digestOf } from '#configs/canonical.ts';
import {
  type ConfigDocument,
  type ConfigSet,
  documentKey,
  type DocumentKey,
  findDocument,
  withDocuments,
} from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import { partitionDates } from '#features/calendar.ts';
import { definitionDigest } from '#features/definition.ts';
import { type Pair, pairKey } from '../pair.ts';
import { trainingDigest } from '../training-digest.ts';
import type { AppliedConfigs } from './applied-configs.ts';
import { changedPaths } from './changed-paths.ts';

/** Partitions of one set that do not stand under its new definition or dates. */
export interface PartitionsToBuild {
  readonly feature_set: string;
  readonly definition_digest: string;
  readonly count: number;
  /** `YYYY-MM-DD`, both included. */
  readonly first: string;
  readonly last: string;
  readonly because: 'new' | 'definition changed' | 'dates changed';
}

export interface ModelToRetrain extends Pair {
  readonly because: 'new' | 'training inputs changed' | 'features changed';
}

/** A live version whose pair is configured differently from now on; it stays as it is until another is deployed. */
export interface LivePairTouched extends Pair {
  readonly version: number;
  readonly because: readonly string[];
}

/** What applying documents would mean. Plain JSON, in an order that does not depend on that of files. */
export interface Plan {
  /** What an apply of it must name. */
  readonly base_digest: string;
  readonly revision: number;
  readonly documents: {
    readonly created: readonly DocumentKey[];
    readonly changed: readonly { readonly key: DocumentKey; readonly paths: readonly string[] }[];
    readonly unchanged: readonly DocumentKey[];
  };
  readonly partitions: readonly PartitionsToBuild[];
  readonly models: readonly ModelToRetrain[];
  readonly live_pairs: readonly LivePairTouched[];
}

export interface PlanInput {
  readonly base: AppliedConfigs;
  /** Valid together with the base. */
  readonly documents: readonly ConfigDocument[];
  /** `YYYY-MM-DD`; a set without an end has partitions up to this date. */
  readonly today: string;
  /** Live version by `pairKey`, at least of every pair that `pairsConcerned` names. */
  readonly live: ReadonlyMap<string, number>;
}

export function planConfigs({ base, documents, today, live }: PlanInput): Plan {
  const before = base.configs;
  const after = withDocuments(before, documents);
  const created: DocumentKey[] = [];
  const changed: { key: DocumentKey; paths: string[] }[] = [];
  const unchanged: DocumentKey[] = [];
  for (const document of documents) {
    const key = documentKey(document);
    const applied = base.digests.has(key) ? findDocument(before, document) : undefined;
    if (applied === undefined) created.push(key);
    else if (digestOf(applied) === digestOf(document)) unchanged.push(key);
    else changed.push({ key, paths: changedPaths(applied, document) });
  }
  const paths = new Map(changed.map((one) => [one.key, one.paths]));
  return {
    base_digest: base.base_digest,
    revision: base.revision,
    documents: {
      created: created.toSorted(),
      changed: changed.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      unchanged: unchanged.toSorted(),
    },
    partitions: inOrder(after.featureSets).flatMap((set) => partitionsOf(set, before, after, today)),
    models: inOrder(after.models).flatMap((model) => retrainingOf(model, before, after)),
    live_pairs: pairsConcerned(base, documents).flatMap((pair) => {
      const version = live.get(pairKey(pair));
      if (version === undefined) return [];
      return [{ ...pair, version, because: reasonsFor(pair, before, after, paths) }];
    }),
  };
}

/** Pairs as they are configured now that a plan of these documents would touch, whether something is live there or not. */
export function pairsConcerned(base: AppliedConfigs, documents: readonly ConfigDocument[]): Pair[] {
  const before = base.configs;
  const after = withDocuments(before, documents);
  return inOrder(before.models).flatMap((model) => {
    const next = after.models.get(model.name);
    const same =
      next !== undefined &&
      digestOf(next) === digestOf(model) &&
      definitionOf(model.feature_set, before) === definitionOf(model.feature_set, after);
    return same ? [] : [{ model: model.name, feature_set: model.feature_set }];
  });
}

function partitionsOf(
  set: FeatureSetConfig,
  before: ConfigSet,
  after: ConfigSet,
  today: string,
): PartitionsToBuild[] {
  const dates = allDates(set, today);
  const definition_digest = definitionDigest(set, after);
  const old = before.featureSets.get(set.name);
  const same = old !== undefined && definitionDigest(old, before) === definition_digest;
  const standing = new Set(same ? allDates(old, today) : []);
  const missing = dates.filter((date) => !standing.has(date));
  const [first] = missing;
  const last = missing.at(-1);
  if (first === undefined || last === undefined) return [];
  const because = old === undefined ? 'new' : same ? 'dates changed' : 'definition changed';
  return [{ feature_set: set.name, definition_digest, count: missing.length, first, last, because }];
}

function allDates(set: FeatureSetConfig, today: string): string[] {
  return partitionDates(set.partition, set.partition.start, today);
}

function retrainingOf(model: ModelConfig, before: ConfigSet, after: ConfigSet): ModelToRetrain[] {
  const pair = { model: model.name, feature_set: model.feature_set };
  const old = before.models.get(model.name);
  if (old === undefined) return [{ ...pair, because: 'new' }];
  if (inputsOf(model, after) === inputsOf(old, before)) return [];
  const sameFeatures =
    model.feature_set === old.feature_set &&
    definitionOf(model.feature_set, after) === definitionOf(old.feature_set, before);
  return [{ ...pair, because: sameFeatures ? 'training inputs changed' : 'features changed' }];
}

/** What the configs say of a training. Trainer and partitions are left out: no config changes them. */
function inputsOf(model: ModelConfig, configs: ConfigSet): string {
  return trainingDigest({
    model,
    definition_digest: definitionOf(model.feature_set, configs),
    partitions: [],
    trainer_digest: '',
    lock_digest: '',
  });
}

function definitionOf(name: string, configs: ConfigSet): string {
  const set = configs.featureSets.get(name);
  return set === undefined ? '' : definitionDigest(set, configs);
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

function inOrder<T extends { readonly name: string }>(documents: ReadonlyMap<string, T>): T[] {
  return [...documents.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
