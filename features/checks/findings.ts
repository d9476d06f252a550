import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { Check } from '#configs/checks.ts';
import { identifier } from '../query/sql-literal.ts';
import { checkAggregates, checkResults, figure, type CheckResult, type Figures } from './checks.ts';

/** Conditions on the rows of a table, and counts to take of them. */
export interface TableRules {
  /** Columns that must not be null and whose values together must be unique. */
  readonly uniqueBy?: readonly string[] | undefined;
  readonly checks: readonly Check[];
  /** Columns of the table, which the checks name. */
  readonly columns: readonly NamedColumn[];
  /** Conditions in Spark SQL; the rows that meet each of them are counted. */
  readonly counts?: Readonly<Record<string, string>>;
}

/** Results of one pass over the rows of a table. */
export interface TableFindings {
  readonly rows: number;
  /** Rows without a value in a column of `uniqueBy`, and rows that repeat the values of all; 0 if no column was named. */
  readonly withoutKey: number;
  readonly repeatedKeys: number;
  readonly checks: readonly CheckResult[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Name of the relation that `findingsQuery` reads: the rows to check. */
export const JUDGED_ROWS = 'judged_rows';

/** One aggregate query in Spark SQL, so that the rows are read once, and once more for each check of uniqueness. */
export function findingsQuery({ uniqueBy, checks, columns, counts = {} }: TableRules): string {
  const key = uniqueBy?.map((name) => identifier(name)).join(', ');
  const aggregates = [
    'COUNT(*) AS all_rows',
    ...(key === undefined
      ? []
      : [`COUNT(*) - COUNT(${key}) AS key_nulls`, `COUNT(${key}) - COUNT(DISTINCT ${key}) AS key_repeats`]),
    ...checkAggregates(checks, columns, JUDGED_ROWS),
    ...Object.values(counts).map(
      (condition, index) => `COUNT(CASE WHEN ${condition} THEN 1 END) AS count_${index}`,
    ),
  ];
  return `SELECT ${aggregates.join(', ')} FROM ${JUDGED_ROWS}`;
}

/** Parses the result of `findingsQuery`. */
export function findingsOf(rules: TableRules, figures: Figures): TableFindings {
  const names = Object.keys(rules.counts ?? {});
  return {
    rows: figure(figures, 'all_rows') ?? 0,
    withoutKey: figure(figures, 'key_nulls') ?? 0,
    repeatedKeys: figure(figures, 'key_repeats') ?? 0,
    checks: checkResults(rules.checks, rules.columns, figures),
    counts: Object.fromEntries(names.map((name, index) => [name, figure(figures, `count_${index}`) ?? 0])),
  };
}

/** Whether a table may be kept: it has rows, exactly one per key, and passed all checks of severity `error`. */
export function isAcceptable({ rows, withoutKey, repeatedKeys, checks }: TableFindings): boolean {
  return rows > 0 && withoutKey + repeatedKeys === 0 && failedChecks(checks).length === 0;
}

/** Failed checks of severity `error`. */
export function failedChecks(checks: readonly CheckResult[]): CheckResult[] {
  return checks.filter(({ success, severity }) => !success && severity === 'error');
}
