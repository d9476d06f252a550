import { type FeatureConfigs, featureSetNamed, type NamedColumn } from '#catalog/feature-configs.ts';
import type { ColumnLineage } from '#catalog/lineage.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { dateAt } from '../business-time.ts';
import { lastPartitionDate } from '../calendar.ts';
import { definitionDigest } from '../definition.ts';
import { assertPartitionDate } from '../partitions/assert-date.ts';
import { compileTexts } from './compile-service.ts';
import type { EngineTexts } from './engine-texts.ts';

/** What becomes of a feature set's query on one date. */
export interface ExplainedSet {
  readonly feature_set: string;
  readonly definition_digest: string;
  readonly dt: string;
  /** Path of the template, as written in the config. */
  readonly file: string;
  /** What the template gives on the date, in Spark SQL. */
  readonly rendered: string;
  /** Columns of a partition, entity first. */
  readonly columns: readonly NamedColumn[];
  readonly lineage: readonly ColumnLineage[];
  readonly engines: EngineTexts;
}

export interface ExplainRequest {
  readonly set: string;
  /** @default the last partition date that has begun; the first one, if none has */
  readonly dt?: string | undefined;
  readonly bucket: string;
  readonly now: Date;
}

/**
 * Compiles a set for one date, as a build of the date would, and reads no data. Throws `FEATURE_SET_UNKNOWN`,
 * `PARTITION_DATE_INVALID` and the errors of `compileTexts`.
 */
export async function explainSet(
  configs: FeatureConfigs,
  { set: name, dt, bucket, now }: ExplainRequest,
): Promise<ExplainedSet> {
  const set = featureSetNamed(configs, name);
  const date = dt ?? newestDate(set, now);
  assertPartitionDate(set, date);
  const { query, texts } = await compileTexts(configs, { set: name, dt: date, bucket });
  return {
    feature_set: name,
    definition_digest: definitionDigest(set, configs),
    dt: date,
    file: set.sql,
    rendered: query.rendered.sql.trim(),
    columns: query.columns,
    lineage: query.lineage,
    engines: texts,
  };
}

/** The last partition date of a set that has begun; the first one, if none has. */
export function newestDate({ partition }: Pick<FeatureSetConfig, 'partition'>, now: Date): string {
  const today = dateAt(now, partition.time_zone);
  return lastPartitionDate(partition, partition.start, today) ?? partition.start;
}
