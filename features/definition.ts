import { digestOf } from '#configs/canonical.ts';
import { entityForm } from '#configs/entity.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { SourceConfig } from '#configs/source.ts';
import { sourceColumns } from '#configs/source-columns.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import {
  type FeatureConfigs,
  featureSetNamed,
  partitionColumns,
  sourceNamed,
} from '#catalog/feature-configs.ts';
import { canonicalQuery } from './query/canonical-query.ts';
import { mentionedColumns } from './query/mentioned-columns.ts';

/**
 * Version of the rules that turn a definition into rows: rendering, point in time, transpiling, engine settings. Raise it
 * with any change that can alter a partition: all definition digests then change, and old partitions stay as they are.
 */
export const ENGINE_RULES = 4;

/** Configs never change, so what was derived from them is kept for as long as they are. */
const known = new WeakMap<FeatureConfigs, Map<FeatureSetConfig, string>>();

/**
 * Digest of what a feature set computes: SQL and macros without comments and layout, params, its columns, its time zone, the times, keys and
 * read columns of its sources, the definitions of the sets it reads, and the engine rules. Excludes owners, descriptions and checks, since they
 * do not alter a row. 32 hex characters. `configs` must not change afterwards.
 */
export function definitionDigest(set: FeatureSetConfig, configs: FeatureConfigs): string {
  const digests = known.get(configs) ?? new Map<FeatureSetConfig, string>();
  known.set(configs, digests);
  return digestBelow(set, configs, { digests, readers: [] });
}

interface Walk {
  /** Each set once: of two sets that read a third one, the second finds its digest. */
  readonly digests: Map<FeatureSetConfig, string>;
  readonly readers: readonly string[];
}

function digestBelow(set: FeatureSetConfig, configs: FeatureConfigs, { digests, readers }: Walk): string {
  const digest = digests.get(set);
  if (digest !== undefined) return digest;
  if (readers.includes(set.name))
    throw new MillraceError(
      'FEATURE_SET_CYCLE',
      `Feature set "${set.name}" reads itself: ${[...readers, set.name].join(' → ')}.`,
      { where: set.sql },
    );
  const below = { digests, readers: [...readers, set.name] };
  const upstream = set.feature_sets.map((name) => [
    name,
    digestBelow(featureSetNamed(configs, name), configs, below),
  ]);
  const found = digestOf({ ...ownDefinition(set, configs), feature_sets: Object.fromEntries(upstream) });
  digests.set(set, found);
  return found;
}

/**
 * What decides the rows of a source, of which only some columns are read: its keys and times, and the types of these columns.
 * Others decide nothing, not even which of two rows is the fact.
 */
export function sourceDefinition(source: SourceConfig, read: (column: string) => boolean) {
  const { kind: _kind, name: _name, owner: _owner, read: _read, description: _text, ...rest } = source;
  const { sensitive, columns: _columns, ...definition } = rest;
  const { event_time = null, known_time, keys, sequence, deleted } = definition;
  const always = new Set([event_time, known_time, sequence, deleted, ...keys]);
  const isRead = (name: string): boolean => always.has(name) || read(name);
  return {
    ...definition,
    event_time,
    // The same for both ways to write a column whose name is that of the files.
    columns: Object.fromEntries(
      sourceColumns(source)
        .filter(({ name }) => isRead(name))
        .map(({ name, column, type }) => [name, column === name ? type : { column, type }]),
    ),
    // What a query does not see decides no tie and is in no star.
    hidden: sensitive.filter(isRead).toSorted(),
  };
}

function ownDefinition(set: FeatureSetConfig, configs: FeatureConfigs) {
  const mentions = mentionedColumns(set);
  const sources = set.sources.map((name) => [
    name,
    sourceDefinition(sourceNamed(configs, name), (column) => mentions.has(column)),
  ]);
  return {
    engine_rules: ENGINE_RULES,
    ...canonicalQuery(set),
    params: set.params,
    grain: set.partition.grain,
    time_zone: set.partition.time_zone,
    entity: entityForm(set),
    columns: partitionColumns(set, configs),
    sources: Object.fromEntries(sources),
  };
}
