import {
  type FeatureConfigs,
  featureSetNamed,
  type NamedColumn,
  partitionColumns,
} from '#catalog/feature-configs.ts';
import { entityColumns } from '#configs/entity.ts';
import type { Environment } from '#configs/environment.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { FeatureTest } from '#configs/feature-tests/load.ts';
import { sourceColumns } from '#configs/source-columns.ts';
import type { ErrorCode } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { assertPartitionDate } from '../partitions/assert-date.ts';
import { answerWithin, INTERACTIVE_LIMITS, withinLimits } from './interactive-limits.ts';
import { type RowDifference, rowDifferences } from './row-differences.ts';
import { createRowsChild } from './rows-child-process.ts';
import { setSteps, type StepInput } from './set-steps.ts';
import type { TestedRow } from './tested-rows.ts';

export interface TestResult {
  readonly feature_set: string;
  readonly name: string;
  readonly date: string;
  /** File, line and column of the test. */
  readonly where: string;
  readonly passed: boolean;
  readonly differences: readonly RowDifference[];
  /** Code of the error that the test expects, if it expects one. */
  readonly expected_error?: string;
  /** The error with which the date fails. */
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly where?: string };
}

const child = createRowsChild(INTERACTIVE_LIMITS);

/**
 * Computes a test's rows from what it gives, in a child process with limits, and compares them. Touches no store. The rules of
 * time hold for given rows. Checks of the set do not run, but entities must be unique, as in a build.
 */
export async function runTest(
  configs: FeatureConfigs,
  { feature_set, where, given, test }: FeatureTest,
  env: Environment,
): Promise<TestResult> {
  const about = { feature_set, name: test.name, date: test.date, where };
  const { expect = [], expect_error: expected } = test;
  try {
    const set = withParams(featureSetNamed(configs, feature_set), test.params);
    const changed = { ...configs, featureSets: new Map([...configs.featureSets, [set.name, set]]) };
    const columns = partitionColumns(set, changed);
    const rows = await rowsOf(changed, set, { dt: test.date, given }, env);
    assertEntities(set, rows);
    if (expected !== undefined) return { ...about, passed: false, differences: [], expected_error: expected };
    const differences = rowDifferences(entityColumns(set), columns, expect, rows);
    return { ...about, passed: differences.length === 0, differences };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    const { code, message, where: place } = error;
    return {
      ...about,
      passed: code === expected,
      differences: [],
      ...(expected !== undefined && { expected_error: expected }),
      error: { code, message, ...(place !== undefined && { where: place }) },
    };
  }
}

function withParams(set: FeatureSetConfig, params: FeatureSetConfig['params']): FeatureSetConfig {
  return { ...set, params: { ...set.params, ...params } };
}

async function rowsOf(
  configs: FeatureConfigs,
  set: FeatureSetConfig,
  { dt, given }: { readonly dt: string; readonly given: FeatureTest['given'] },
  env: Environment,
): Promise<readonly TestedRow[]> {
  assertPartitionDate(set, dt);
  const rows = (name: string, columns: readonly NamedColumn[]): StepInput => ({
    kind: 'given',
    rows: { columns, rows: given[name] ?? [] },
  });
  const steps = await setSteps(
    configs,
    { set: set.name, dt },
    {
      source: (source) =>
        rows(
          source.name,
          sourceColumns(source).map(({ name, type }) => ({ name, type })),
        ),
      set: async (below) =>
        Promise.resolve(given[below.name] && rows(below.name, partitionColumns(below, configs))),
    },
  );
  const outcome = await child(withinLimits(env), (place) => ({ kind: 'test', place, steps }));
  const answer = answerWithin(outcome, `The test of "${set.name}" at ${dt}`);
  if (answer.kind !== 'test') throw new TypeError('The answer is to other work.');
  return answer.rows;
}

function assertEntities(set: FeatureSetConfig, rows: readonly TestedRow[]): void {
  const columns = entityColumns(set);
  const whole = rows
    .map((row) => columns.map((column) => row[column] ?? null))
    .filter((values) => !values.includes(null));
  const without = rows.length - whole.length;
  const repeated = whole.length - new Set(whole.map((values) => JSON.stringify(values))).size;
  if (without + repeated === 0) return;
  throw new MillraceError(
    'PARTITION_ENTITY_INVALID',
    `Of the rows of "${set.name}", ${without} have no ${columns.join(' or ')} and ${repeated} repeat one.`,
    { where: set.sql },
  );
}
