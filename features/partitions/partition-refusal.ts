import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { CheckResult } from '../checks/checks.ts';
import { failedChecks, type TableFindings } from '../checks/findings.ts';

/** The reason to refuse the rows of a partition: the first that applies of `PARTITION_EMPTY`, `PARTITION_ENTITY_INVALID` and `CHECK_FAILED`. */
export function partitionRefusal(set: FeatureSetConfig, dt: string, findings: TableFindings): MillraceError {
  const { rows, withoutKey, repeatedKeys, checks } = findings;
  if (rows === 0)
    return new MillraceError('PARTITION_EMPTY', `"${set.name}" has no rows at ${dt}.`, {
      where: set.sql,
      details: { feature_set: set.name, dt },
    });
  if (withoutKey + repeatedKeys > 0)
    return new MillraceError(
      'PARTITION_ENTITY_INVALID',
      `Of the rows of "${set.name}", ${withoutKey} have no ${set.entity} and ${repeatedKeys} repeat one.`,
      {
        where: set.sql,
        details: { entity: set.entity, withoutEntity: withoutKey, repeatedEntities: repeatedKeys },
      },
    );
  const failed = failedChecks(checks);
  return new MillraceError(
    'CHECK_FAILED',
    `${failed.length} of ${checks.length} checks of "${set.name}" failed: ${failed.map(describeCheck).join('; ')}.`,
    { details: { results: checks } },
  );
}

function describeCheck({ expectation, column, observed }: CheckResult): string {
  return `${expectation}${column === undefined ? '' : ` (${column})`} observed ${observed === null || observed === undefined ? 'nothing' : rounded(observed)}`;
}

/** Rounded to enough digits to compare with a bound; the details have all digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
