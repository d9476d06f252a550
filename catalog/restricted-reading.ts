import type { ConfigSet } from '#configs/config-set.ts';
import type { Pair } from '#configs/pair.ts';
import { type Owned, type OwnedKind, ownerOf } from './owners.ts';

export interface Input {
  readonly kind: 'Source' | 'FeatureSet';
  readonly name: string;
}

/** What a document reads, directly. */
export function inputsOf(configs: ConfigSet, kind: OwnedKind, name: string): Input[] {
  if (kind === 'Source') return [];
  if (kind === 'FeatureSet') {
    const { sources = [], feature_sets: sets = [] } = configs.featureSets.get(name) ?? {};
    return [...sources.map(source), ...sets.map(featureSet)];
  }
  const model = configs.models.get(name);
  if (model === undefined) return [];
  const { feature_set, label, fairness } = model;
  return [
    featureSet(feature_set),
    source(label.source),
    ...(fairness === undefined ? [] : [source(fairness.source)]),
  ];
}

/**
 * The owner whose team alone may read what is derived from a document: the document, or something that it reads, is marked
 * `read: team`. `undefined` if everybody may read, or if the document is not applied.
 */
export function restrictedTo(configs: ConfigSet, kind: OwnedKind, name: string): Owned | undefined {
  return isRestricted(configs, kind, name) ? ownerOf(configs, kind, name) : undefined;
}

/**
 * Who reads what is derived from a document: everybody, the team that owns it, or admins alone, because the installation
 * restricts reading and nobody owns a document that is not applied.
 */
export function readersOf(configs: ConfigSet, kind: OwnedKind, name: string): Owned | 'everybody' | 'admins' {
  const owned = restrictedTo(configs, kind, name);
  if (owned !== undefined) return owned;
  const unowned = configs.platform.access.read === 'team' && ownerOf(configs, kind, name) === undefined;
  return unowned ? 'admins' : 'everybody';
}

/**
 * Who reads what is derived from a pair: the readers of its model, and no more than that where its feature set is restricted,
 * also if the model has named another set since.
 */
export function readersOfPair(
  configs: ConfigSet,
  { model, feature_set }: Pair,
): ReturnType<typeof readersOf> {
  const readers = readersOf(configs, 'Model', model);
  if (readers !== 'everybody' || !isRestricted(configs, 'FeatureSet', feature_set)) return readers;
  return ownerOf(configs, 'Model', model) ?? 'admins';
}

function isRestricted(configs: ConfigSet, kind: OwnedKind, name: string): boolean {
  const mark = documentsOf(configs, kind).get(name)?.read ?? configs.platform.access.read;
  if (mark === 'team') return true;
  return inputsOf(configs, kind, name).some((input) => isRestricted(configs, input.kind, input.name));
}

function documentsOf({ sources, featureSets, models }: ConfigSet, kind: OwnedKind) {
  if (kind === 'Source') return sources;
  return kind === 'FeatureSet' ? featureSets : models;
}

function source(name: string): Input {
  return { kind: 'Source', name };
}

function featureSet(name: string): Input {
  return { kind: 'FeatureSet', name };
}
