import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { Check } from '#configs/checks.ts';
import { identifier, sqlLiteral } from '../query/sql-literal.ts';
import { assertOfNumbers, type PlainCheck, plainCheck, presentValue, type SqlForm } from './plain-check.ts';
import { unexpectedIf } from './unexpected-rows.ts';

/** What a check counted, by Great Expectations' names, and never a value of a row. Percentages of nothing are null. */
export interface CheckFigures {
  readonly element_count?: number;
  readonly unexpected_count?: number;
  readonly unexpected_percent?: number | null;
  readonly missing_count?: number;
  readonly missing_percent?: number | null;
  readonly unexpected_percent_total?: number | null;
  readonly unexpected_percent_nonmissing?: number | null;
  /** Of a check of a whole column or table; null if it is not finite. */
  readonly observed_value?: number | null;
}

export interface CheckResult {
  readonly expectation: string;
  readonly column?: string;
  readonly severity: 'error' | 'warn';
  readonly success: boolean;
  /** The observed value, or the share of unexpected values; null if there is none. */
  readonly observed: number | null;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly result: CheckFigures;
}

/** Result of an aggregate query: one row of named values. */
export type Figures = Readonly<Record<string, boolean | number | string | null>>;

const SPARK: SqlForm = { name: identifier, text: sqlLiteral };
/** Tolerance for the rounding of `1 - mostly`. */
const ROUNDING = 1e-12;

/**
 * Aggregates needed by the checks, as Spark SQL for the select list of one query over the relation `rows`, which is also
 * read once more for each check of uniqueness.
 */
export function checkAggregates(
  checks: readonly Check[],
  columns: readonly NamedColumn[],
  rows: string,
): string[] {
  return checks.flatMap((check, index) => {
    const plain = plainCheck(check, columns);
    if (plain.column === undefined) return [];
    const value = presentValue(plain.column, SPARK);
    return [
      `COUNT(${value}) AS present_${index}`,
      `${figureOf(plain, value, rows)} AS ${isOfWhole(plain) ? 'figure' : 'unexpected'}_${index}`,
    ];
  });
}

/** Check results by the rules of Great Expectations: `mostly` is the share of values that must pass, missing ones left out. */
export function checkResults(
  checks: readonly Check[],
  columns: readonly NamedColumn[],
  figures: Figures,
): CheckResult[] {
  return checks.map((check, index) => {
    const plain = plainCheck(check, columns);
    const { expectation, severity, kwargs, column } = plain;
    const judged = isOfWhole(plain)
      ? wholeFigures(plain, figures, index)
      : valueFigures(plain, figures, index);
    return {
      expectation,
      ...(column === undefined ? {} : { column: column.name }),
      severity,
      success: judged.success,
      observed: judged.observed,
      kwargs,
      result: judged.result,
    };
  });
}

type Judged = Pick<CheckResult, 'success' | 'observed' | 'result'>;

function wholeFigures({ column, kwargs }: PlainCheck, figures: Figures, index: number): Judged {
  const value = figure(figures, column === undefined ? 'all_rows' : `figure_${index}`);
  // The mean of infinite values may be infinite or no number, which JSON cannot hold.
  const observed = value !== null && Number.isFinite(value) ? value : null;
  return { success: within(value, kwargs), observed, result: { observed_value: observed } };
}

function valueFigures({ expectation, kwargs }: PlainCheck, figures: Figures, index: number): Judged {
  const rows = figure(figures, 'all_rows') ?? 0;
  const present = figure(figures, `present_${index}`) ?? 0;
  const unexpected = figure(figures, `unexpected_${index}`) ?? 0;
  const judgesMissing = expectation === 'expect_column_values_to_not_be_null';
  const of = judgesMissing ? rows : present;
  const mostly = typeof kwargs['mostly'] === 'number' ? kwargs['mostly'] : 1;
  const share = of === 0 ? null : unexpected / of;
  const counts = {
    element_count: rows,
    unexpected_count: unexpected,
    unexpected_percent: percent(unexpected, of),
  };
  return {
    // Compares counts if all values must pass; otherwise compares shares.
    success: mostly === 1 ? unexpected === 0 : (share ?? 0) <= 1 - mostly + ROUNDING,
    observed: share,
    result: judgesMissing
      ? counts
      : {
          ...counts,
          missing_count: rows - present,
          missing_percent: percent(rows - present, rows),
          unexpected_percent_total: percent(unexpected, rows),
          unexpected_percent_nonmissing: percent(unexpected, present),
        },
  };
}

function percent(part: number, of: number): number | null {
  return of === 0 ? null : (part / of) * 100;
}

function figureOf(check: PlainCheck, value: string, rows: string): string {
  if (check.expectation.endsWith('_to_be_between')) assertOfNumbers(check);
  if (check.expectation === 'expect_column_mean_to_be_between') return `AVG(${value})`;
  if (check.expectation === 'expect_column_values_to_be_unique')
    // Every row whose value occurs more than once counts.
    return (
      `(SELECT COALESCE(SUM(n), 0) FROM (SELECT COUNT(*) AS n FROM ${rows} WHERE (${value}) IS NOT NULL ` +
      `GROUP BY ${value}) AS repeated WHERE n > 1)`
    );
  const condition = unexpectedIf(check, SPARK);
  if (condition === undefined) throw new TypeError(`There is no query for the check ${check.expectation}.`);
  return `COUNT(CASE WHEN ${condition} THEN 1 END)`;
}

function isOfWhole({ expectation }: PlainCheck): boolean {
  return (
    expectation === 'expect_table_row_count_to_be_between' ||
    expectation === 'expect_column_mean_to_be_between'
  );
}

function within(value: number | null, { min_value: min, max_value: max }: PlainCheck['kwargs']): boolean {
  if (value === null || Number.isNaN(value)) return false;
  return (typeof min !== 'number' || value >= min) && (typeof max !== 'number' || value <= max);
}

/** A number from an engine, which writes those without a JSON form as text; null if there was nothing to count or average. */
export function figure(figures: Figures, name: string): number | null {
  const value = figures[name];
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value)) return Number(value);
  throw new TypeError(`The engine returned ${typeof value} for ${name}.`);
}
