import { entityColumns } from '#configs/entity.ts';
import { type FeatureConfigs, featureSetNamed, sourceNamed } from '#catalog/feature-configs.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { SourceConfig } from '#configs/source.ts';
import type { PartitionManifest } from '../partitions/partition.ts';
import { upstreamDateOf } from '../partitions/upstream-date.ts';
import { compileQueries } from '../query/compile-service.ts';
import type { FeatureQuery } from '../query/feature-query.ts';
import { featureSetRelation, sourceRelation } from '../query/render.ts';
import type { GivenRows } from './given-rows.ts';

/** What a query reads under one name: a source of the lake, a committed partition, another step, or rows that a test gives. */
export type StepInput =
  | { readonly kind: 'source'; readonly source: SourceConfig }
  | { readonly kind: 'partition'; readonly manifest: PartitionManifest }
  | { readonly kind: 'step'; readonly key: string }
  | { readonly kind: 'given'; readonly rows: GivenRows };

/** One set at one date. Plain data. */
export interface SetStep {
  readonly key: string;
  readonly set: string;
  readonly dt: string;
  /** Columns of the entity. */
  readonly entity: readonly string[];
  readonly time_zone: string;
  readonly query: FeatureQuery;
  /** By the names of the query's relations. */
  readonly inputs: ReadonlyMap<string, StepInput>;
}

export interface StepInputs {
  readonly source: (source: SourceConfig) => StepInput;
  /** Undefined if the rows of the set are to be computed. */
  readonly set: (set: FeatureSetConfig, dt: string) => Promise<StepInput | undefined>;
}

/**
 * What has to be computed for a set at a date, in order, the set itself last: the sets that it reads come before it, each
 * once. Reads no rows. Throws the errors of `compileQueries`, of which the set's own come first, and
 * `UPSTREAM_PARTITION_MISSING`.
 */
export async function setSteps(
  configs: FeatureConfigs,
  { set, dt }: { readonly set: string; readonly dt: string },
  inputs: StepInputs,
): Promise<SetStep[]> {
  const found = new Map<string, Omit<SetStep, 'query'>>();
  const visit = async (one: FeatureSetConfig, date: string): Promise<string> => {
    const key = `${one.name} ${date}`;
    if (found.has(key)) return key;
    const reads = new Map<string, StepInput>();
    for (const name of one.sources)
      reads.set(sourceRelation(name), inputs.source(sourceNamed(configs, name)));
    for (const name of one.feature_sets) {
      const below = featureSetNamed(configs, name);
      const at = upstreamDateOf(below, date);
      const known = await inputs.set(below, at);
      reads.set(featureSetRelation(name), known ?? { kind: 'step', key: await visit(below, at) });
    }
    const { time_zone } = one.partition;
    found.set(key, { key, set: one.name, dt: date, entity: entityColumns(one), time_zone, inputs: reads });
    return key;
  };
  await visit(featureSetNamed(configs, set), dt);
  return await compiledSteps(configs, [...found.values()]);
}

async function compiledSteps(
  configs: FeatureConfigs,
  steps: readonly Omit<SetStep, 'query'>[],
): Promise<SetStep[]> {
  const compiled = await compileQueries(
    configs,
    steps.map(({ set, dt }) => ({ set, dt })),
  );
  const failed = compiled.findLast((one) => 'error' in one);
  if (failed !== undefined && 'error' in failed) throw failed.error;
  return steps.map((step, index) => {
    const one = compiled[index];
    if (one === undefined || 'error' in one) throw new TypeError('Every set has an answer.');
    return { ...step, query: one.query };
  });
}

/** The step of the set that was asked for; those before it compute what it reads. */
export function lastStep(steps: readonly SetStep[]): SetStep {
  const last = steps.at(-1);
  if (last === undefined) throw new TypeError('A set takes at least one step.');
  return last;
}
