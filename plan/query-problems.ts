import type { ConfigDocument, ConfigSet } from '#configs/config-set.ts';
import { documentKey } from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ConfigProblem } from '#configs/problem.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { definitionDigest } from '#features/definition.ts';

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
  if (sets.length === 0) return [];
  // SQL parser and DuckDB take 60 MiB: the API loads them with its first plan instead of at the start.
  const { bindQuery } = await import('#features/engines/duckdb/bind-query.ts');
  const { featureQuery } = await import('#features/query/feature-query.ts');
  const check = (set: FeatureSetConfig) => bindQuery(featureQuery(set, after, set.partition.start));
  const problems: ConfigProblem[] = [];
  for (const set of sets) problems.push(...(await problemsOf(set, check)));
  return problems;
}

function isRedefined(set: FeatureSetConfig, before: ConfigSet, after: ConfigSet): boolean {
  const old = before.featureSets.get(set.name);
  return old === undefined || definitionDigest(old, before) !== definitionDigest(set, after);
}

async function problemsOf(
  set: FeatureSetConfig,
  check: (set: FeatureSetConfig) => Promise<void>,
): Promise<ConfigProblem[]> {
  try {
    await check(set);
    return [];
  } catch (error) {
    // A refusal of what was written has a 4xx status; anything else is not the writer's problem.
    if (!(error instanceof MillraceError) || error.status >= 500) throw error;
    const [, file = set.sql, line = '1', column = '1'] =
      /^(.*?):(\d+)(?::(\d+))?$/.exec(error.where ?? '') ?? [];
    return [
      {
        code: error.code,
        file,
        line: Number(line),
        column: Number(column),
        path: documentKey(set),
        message: `${error.message} ${error.entry.remedy}`,
      },
    ];
  }
}
