import type { ConfigDocument, ConfigSet } from '#configs/config-set.ts';
import { documentKey } from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { dateSchema } from '#configs/names.ts';
import type { ConfigProblem } from '#configs/problem.ts';
import type { MillraceError } from '#errors/millrace-error.ts';
import { isPartitionDate } from '#features/calendar.ts';
import { definitionDigest } from '#features/definition.ts';
import { compileQueries } from '#features/query/compile-service.ts';

/**
 * Faults in the queries of feature sets that the documents add or redefine: templates, SQL, features computed from
 * sensitive columns, columns that no source has, and features that the query does not return. Compiles each set for its
 * first partition date, and those that its params name, and binds it to empty tables; reads no data.
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
  const items = sets.flatMap((set) => datesToTry(set).map((dt) => ({ set, dt })));
  const compiled = await compileQueries(
    after,
    items.map(({ set, dt }) => ({ set: set.name, dt })),
  );
  const errors = new Map<FeatureSetConfig, MillraceError>();
  for (const [index, { set }] of items.entries()) {
    const result = compiled[index];
    if (result !== undefined && 'error' in result && !errors.has(set)) errors.set(set, result.error);
  }
  return [...errors].map(([set, error]) => problemOf(set, error));
}

/** The first partition date, and those that the params name: a template may compare them with `ds`. */
function datesToTry({ partition, params }: FeatureSetConfig): string[] {
  const named = Object.values(params).filter((value) => {
    const date = dateSchema.safeParse(value);
    return date.success && isPartitionDate(partition, date.data);
  });
  return [...new Set([partition.start, ...named.map(String)])];
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
