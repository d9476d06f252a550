import { digestOf } from '#configs/canonical.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import {
  type FeatureConfigs,
  featureSetNamed,
  partitionColumns,
  sourceNamed,
} from '#catalog/feature-configs.ts';

/**
 * Version of the rules that turn a definition into rows: rendering, point in time, transpiling, engine settings. Raise it
 * with any change that can alter a partition: all definition digests then change, and old partitions stay as they are.
 */
export const ENGINE_RULES = 1;

/**
 * Digest of what a feature set computes: SQL, macros, params, its columns, the sources' schemas and times, the
 * definitions of the sets it reads, and the engine rules. Excludes owners, descriptions and checks, since they do not
 * alter a row. 32 hex characters.
 */
export function definitionDigest(set: FeatureSetConfig, configs: FeatureConfigs): string {
  return digestBelow(set, configs, []);
}

function digestBelow(set: FeatureSetConfig, configs: FeatureConfigs, readers: readonly string[]): string {
  if (readers.includes(set.name))
    throw new MillraceError(
      'FEATURE_SET_CYCLE',
      `Feature set "${set.name}" reads itself: ${[...readers, set.name].join(' → ')}.`,
      { where: set.sql },
    );
  const upstream = set.feature_sets.map((name) => {
    const read = featureSetNamed(configs, name);
    return [name, digestBelow(read, configs, [...readers, set.name])];
  });
  const sources = set.sources.map((name) => {
    const { location, keys, event_time, known_time, columns } = sourceNamed(configs, name);
    return [name, { location, keys, event_time: event_time ?? null, known_time, columns }];
  });
  return digestOf({
    engine_rules: ENGINE_RULES,
    sql: set.sql_text,
    macros: set.macro_texts,
    params: set.params,
    grain: set.partition.grain,
    entity: set.entity,
    columns: partitionColumns(set, configs),
    sources: Object.fromEntries(sources),
    feature_sets: Object.fromEntries(upstream),
  });
}
