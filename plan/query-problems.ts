import type { ConfigDocument, ConfigSet } from '#configs/config-set.ts';
import { documentKey } from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ConfigProblem } from '#configs/problem.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { bindQuery } from '#features/query/bind-query.ts';
import { definitionDigest } from '#features/definition.ts';
import { featureQuery } from '#features/query/feature-query.ts';

/**
 * Faults in the queries of feature sets that new documents define or define differently: templates, SQL, features computed
 * from sensitive columns, columns that no source has, features that the query does not give. Each set is compiled for its
 * first partition date and bound to empty tables; no data is read.
 */
export async function queryProblems(
  before: ConfigSet,
  after: ConfigSet,
  declared: readonly ConfigDocument[],
): Promise<ConfigProblem[]> {
  const named = new Set(declared.filter(({ kind }) => kind === 'FeatureSet').map(({ name }) => name));
  const sets = [...after.featureSets.values()].filter(
    (set) => named.has(set.name) || isRedefined(set, before, after),
  );
  const problems: ConfigProblem[] = [];
  for (const set of sets) problems.push(...(await problemOf(set, after)));
  return problems;
}

function isRedefined(set: FeatureSetConfig, before: ConfigSet, after: ConfigSet): boolean {
  const old = before.featureSets.get(set.name);
  return old === undefined || definitionDigest(old, before) !== definitionDigest(set, after);
}

async function problemOf(set: FeatureSetConfig, configs: ConfigSet): Promise<ConfigProblem[]> {
  try {
    await bindQuery(featureQuery(set, configs, set.partition.start));
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
