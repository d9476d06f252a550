import { attributeNames } from '#configs/fairness.ts';
import type { ConfigDocument, ConfigSet } from '#configs/config-set.ts';
import { documentKey } from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ConfigProblem } from '#configs/problem.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { definitionDigest } from '#features/definition.ts';
import { partitionDates } from '#features/calendar.ts';
import { compileQueries } from '#features/query/compile-service.ts';
import type { FeatureQuery } from '#features/query/feature-query.ts';

/**
 * Faults in the queries of feature sets that the documents add or redefine, and of the sets of models that they declare:
 * templates, SQL, features computed from sensitive columns or from a model's fairness attributes, columns that no source
 * has, and features that the query does not return. Compiles each set for its partition dates up to `until`; reads no data.
 */
export async function queryProblems(
  before: ConfigSet,
  after: ConfigSet,
  declared: readonly ConfigDocument[],
  until: string,
): Promise<ConfigProblem[]> {
  const named = new Set(
    declared.flatMap((document) => {
      if (document.kind === 'FeatureSet') return [document.name];
      return document.kind === 'Model' ? [document.feature_set] : [];
    }),
  );
  const sets = [...after.featureSets.values()].filter(
    (set) => named.has(set.name) || isRedefined(set, before, after),
  );
  if (sets.length === 0) return [];
  const items = sets.map(({ name, partition }) => ({
    set: name,
    dt: partition.start,
    others: partitionDates(partition, partition.start, until).slice(1),
  }));
  const compiled = await compileQueries(after, items);
  return sets.flatMap((set, index) => {
    const result = compiled[index];
    if (result === undefined) throw new TypeError('Every set has an answer.');
    return 'error' in result ? [problemOf(set, result.error)] : attributeProblems(set, result.query, after);
  });
}

/** What a model is compared by is never a feature of it, whether or not the source calls it sensitive. */
function attributeProblems(set: FeatureSetConfig, { used }: FeatureQuery, after: ConfigSet): ConfigProblem[] {
  const read = new Set(used.map((column) => column.toLowerCase()));
  return [...after.models.values()].flatMap(({ name, feature_set, fairness }) => {
    const attributes = feature_set === set.name ? attributeNames(fairness) : [];
    const found = attributes
      .map((attribute) => `${fairness?.source}.${attribute}`)
      .filter((column) => read.has(column.toLowerCase()));
    if (found.length === 0) return [];
    const error = new MillraceError(
      'FEATURE_FROM_SENSITIVE',
      `The query of "${set.name}" uses ${found.join(', ')}, by which model "${name}" is compared for fairness.`,
      { where: set.sql },
    );
    return [problemOf(set, error)];
  });
}

function isRedefined(set: FeatureSetConfig, before: ConfigSet, after: ConfigSet): boolean {
  const old = before.featureSets.get(set.name);
  return old === undefined || definitionDigest(old, before) !== definitionDigest(set, after);
}

function problemOf(set: FeatureSetConfig, error: MillraceError): ConfigProblem {
  // A 4xx status means a fault in the config; any other error is not the author's to correct.
  if (error.status >= 500) throw error;
  const [, file = set.sql, line = '1', column = '1'] =
    /^(.*?):(\d+)(?::(\d+))?$/.exec(error.where ?? '') ?? [];
  return {
    code: error.code,
    file,
    line: Number(line),
    column: Number(column),
    path: documentKey(set),
    message: `${error.message} ${error.entry.remedy}`,
  };
}
