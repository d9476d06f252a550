import type { NamedColumn } from '#catalog/feature-configs.ts';
import { entityColumns, entityForm } from '#configs/entity.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { CheckResult } from '../checks/checks.ts';
import { failedChecks, type TableFindings } from '../checks/findings.ts';
import { plainCheck } from '../checks/plain-check.ts';
import { invalidKeysSql, unexpectedRowsSql } from '../checks/unexpected-rows.ts';
import { REFUSED_ROWS_DAYS } from './partition.ts';

export interface RefusedRows {
  readonly dt: string;
  readonly columns: readonly NamedColumn[];
  /** Where the rows are kept for people; empty if there are none. */
  readonly uris: readonly string[];
}

/**
 * The reason to refuse the rows of a partition: the first that applies of `PARTITION_EMPTY`, `PARTITION_ENTITY_INVALID` and
 * `CHECK_FAILED`. The details say where the rows are, with queries for DuckDB that select those at fault; no value of a row
 * is in the error.
 */
export function partitionRefusal(
  set: FeatureSetConfig,
  refused: RefusedRows,
  findings: TableFindings,
): MillraceError {
  const { rows, withoutKey, repeatedKeys, checks } = findings;
  const { dt, uris } = refused;
  if (rows === 0)
    return new MillraceError('PARTITION_EMPTY', `"${set.name}" has no rows at ${dt}.`, {
      where: set.sql,
      details: { feature_set: set.name, dt },
    });
  if (withoutKey + repeatedKeys > 0)
    return new MillraceError(
      'PARTITION_ENTITY_INVALID',
      `Of the rows of "${set.name}", ${withoutKey} have no ${entityColumns(set).join(' or ')} and ${repeatedKeys} repeat one.`,
      {
        where: set.sql,
        details: {
          entity: entityForm(set),
          withoutEntity: withoutKey,
          repeatedEntities: repeatedKeys,
          ...keptRows(uris, uris.length === 0 ? [] : [invalidKeysSql(entityColumns(set), uris)]),
        },
      },
    );
  const failed = failedChecks(checks);
  return new MillraceError(
    'CHECK_FAILED',
    `${failed.length} of ${checks.length} checks of "${set.name}" failed: ${failed.map(describeCheck).join('; ')}.`,
    { details: { results: checks, ...keptRows(uris, failingRowsSql(set, refused, checks)) } },
  );
}

function failingRowsSql(
  set: FeatureSetConfig,
  { columns, uris }: RefusedRows,
  results: readonly CheckResult[],
): string[] {
  if (uris.length === 0) return [];
  return set.checks.flatMap((check, index) => {
    const { success = true, severity } = results[index] ?? {};
    if (success || severity !== 'error') return [];
    return unexpectedRowsSql(plainCheck(check, columns), uris) ?? [];
  });
}

function keptRows(uris: readonly string[], queries: readonly string[]): Record<string, unknown> {
  if (uris.length === 0) return {};
  return { refused_rows: { uris, kept_days: REFUSED_ROWS_DAYS, duckdb_queries: queries } };
}

function describeCheck({ expectation, column, observed }: CheckResult): string {
  return `${expectation}${column === undefined ? '' : ` (${column})`} observed ${observed === null ? 'nothing' : rounded(observed)}`;
}

/** Rounded to enough digits to compare with a bound; the details have all digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
