import type { Check } from '#configs/checks.ts';
import { identifier } from '../query/sql-literal.ts';
import { checkAggregates, checkResults, figure, type CheckResult, type Figures } from './checks.ts';

/** What the rows of a table must meet, and what is counted of them. */
export interface TableRules {
  /** Column that must have a value in every row, and a different one in each. */
  readonly uniqueBy?: string | undefined;
  readonly checks: readonly Check[];
  /** Conditions in Spark's dialect; the rows that meet each are counted. */
  readonly counts?: Readonly<Record<string, string>>;
}

/** What one pass over the rows of a table found. */
export interface TableFindings {
  readonly rows: number;
  /** Rows without a value of `uniqueBy`, and rows that repeat one; 0 where no such column was named. */
  readonly withoutKey: number;
  readonly repeatedKeys: number;
  readonly checks: readonly CheckResult[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Name of the relation that `findingsQuery` reads: the rows to be judged. */
export const JUDGED_ROWS = 'judged_rows';

/** One aggregate query in Spark's dialect, so that the rows are read once, whatever is asked of them. */
export function findingsQuery({ uniqueBy, checks, counts = {} }: TableRules): string {
  const key = uniqueBy === undefined ? undefined : identifier(uniqueBy);
  const aggregates = [
    'COUNT(*) AS all_rows',
    ...(key === undefined
      ? []
      : [`COUNT(*) - COUNT(${key}) AS key_nulls`, `COUNT(${key}) - COUNT(DISTINCT ${key}) AS key_repeats`]),
    ...checkAggregates(checks),
    ...Object.values(counts).map(
      (condition, index) => `COUNT(CASE WHEN ${condition} THEN 1 END) AS count_${index}`,
    ),
  ];
  return `SELECT ${aggregates.join(', ')} FROM ${JUDGED_ROWS}`;
}

/** Reads the answer to `findingsQuery`. */
export function findingsOf(rules: TableRules, figures: Figures): TableFindings {
  const names = Object.keys(rules.counts ?? {});
  return {
    rows: figure(figures, 'all_rows') ?? 0,
    withoutKey: figure(figures, 'key_nulls') ?? 0,
    repeatedKeys: figure(figures, 'key_repeats') ?? 0,
    checks: checkResults(rules.checks, figures),
    counts: Object.fromEntries(names.map((name, index) => [name, figure(figures, `count_${index}`) ?? 0])),
  };
}

/** Whether a table may be kept: it has rows, one per key, and no check of severity `error` failed. */
export function isAcceptable({ rows, withoutKey, repeatedKeys, checks }: TableFindings): boolean {
  return rows > 0 && withoutKey + repeatedKeys === 0 && failedChecks(checks).length === 0;
}

/** Failed checks of severity `error`. */
export function failedChecks(checks: readonly CheckResult[]): CheckResult[] {
  return checks.filter(({ success, severity }) => !success && severity === 'error');
}
