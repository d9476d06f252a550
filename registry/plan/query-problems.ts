import type { ConfigDocument, ConfigSet } from '#configs/config-set.ts';
import { documentKey } from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ConfigProblem } from '#configs/problem.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { definitionDigest } from '#features/definition.ts';
import { featureQuery } from '#features/feature-query.ts';

/**
 * Faults in the queries of feature sets that new documents define or define differently: templates, SQL, features computed
 * from sensitive columns. Each set is compiled for its first partition date; no data is read.
 */
export function queryProblems(
  before: ConfigSet,
  after: ConfigSet,
  declared: readonly ConfigDocument[],
): ConfigProblem[] {
  const named = new Set(declared.filter(({ kind }) => kind === 'FeatureSet').map(({ name }) => name));
  return [...after.featureSets.values()]
    .filter((set) => named.has(set.name) || isRedefined(set, before, after))
    .flatMap((set) => problemOf(set, after));
}

function isRedefined(set: FeatureSetConfig, before: ConfigSet, after: ConfigSet): boolean {
  const old = before.featureSets.get(set.name);
  return old === undefined || definitionDigest(old, before) !== definitionDigest(set, after);
}

function problemOf(set: FeatureSetConfig, configs: ConfigSet): ConfigProblem[] {
  try {
    featureQuery(set, configs, set.partition.start);
    return [];
  } catch (error) {
    // A refusal of what was written has a 4xx status; anything else is not the writer's problem.
    if (!(error instanceof MillraceError) || error.entry.status >= 500) throw error;
    const [, file = set.sql, line = '1', column = '1'] =
      /^(.*?):(\d+)(?::(\d+))?$/.exec(error.where ?? '') ?? [];
    return [
      {
        code: error.code,
        file,
        line: Number(line),
        column: Number(column),
        path: documentKey(set),
        message: error.message,
        expected: error.entry.remedy,
      },
    ];
  }
}
