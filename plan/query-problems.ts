import type { ConfigDocument, ConfigSet } from '#configs/config-set.ts';
import { documentKey } from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ConfigProblem } from '#configs/problem.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { definitionDigest } from '#features/definition.ts';

/**
 * Faults in the queries of feature sets that the documents add or redefine: templates, SQL, features computed from
 * sensitive columns, columns that no source has, and features that the query does not return. Compiles each set for its
 * first partition date and binds it to empty tables; reads no data.
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
  // The SQL parser and DuckDB take 60 MiB, so the API loads them with its first plan, not at start-up.
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
    // A 4xx status means a fault in the config; any other error is not the author's to correct.
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
