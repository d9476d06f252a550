import type { Check } from '#configs/checks.ts';
import { identifier, sqlLiteral } from '../query/sql-literal.ts';

export interface CheckResult {
  readonly expectation: string;
  readonly column?: string;
  readonly severity: 'error' | 'warn';
  readonly success: boolean;
  /** Observed value, such as the share of unexpected rows. */
  readonly observed: number | null;
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** Result of an aggregate query: one row of named values. */
export type Figures = Readonly<Record<string, boolean | number | string | null>>;

interface PlainCheck {
  readonly expectation: string;
  readonly severity: 'error' | 'warn';
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** Aggregates needed by the checks, as Spark SQL for the select list of one query over the rows. */
export function checkAggregates(checks: readonly Check[]): string[] {
  return checks.flatMap((check, index) => {
    const { unexpected, of } = figuresOf(plain(check));
    return [`${unexpected} AS unexpected_${index}`, `${of} AS of_${index}`];
  });
}

/** Check results by the rules of Great Expectations: `mostly` is the share of non-null rows that must pass. */
export function checkResults(checks: readonly Check[], figures: Figures): CheckResult[] {
  return checks.map((check, index) => {
    const { expectation, severity, kwargs } = plain(check);
    const value = figure(figures, `unexpected_${index}`);
    const of = figure(figures, `of_${index}`) ?? 0;
    const column = kwargs['column'];
    const whole = isOfWholeTable(expectation);
    const share = of === 0 ? 0 : (value ?? 0) / of;
    const mostly = typeof kwargs['mostly'] === 'number' ? kwargs['mostly'] : 1;
    return {
      expectation,
      ...(typeof column === 'string' ? { column } : {}),
      severity,
      // Compares counts if all rows must pass; otherwise compares shares with a tolerance for rounding.
      success: whole
        ? within(value, kwargs)
        : mostly === 1
          ? value === 0 || of === 0
          : share <= 1 - mostly + 1e-12,
      observed: whole ? value : of === 0 ? null : share,
      kwargs,
    };
  });
}

/** In YAML a check has one key, its expectation. */
function plain(check: Check): PlainCheck {
  const [[expectation, settings]] = Object.entries(check) as [[string, { severity: 'error' | 'warn' }]];
  const { severity, ...kwargs } = settings;
  return { expectation, severity, kwargs };
}

function figuresOf({ expectation, kwargs }: PlainCheck): { unexpected: string; of: string } {
  if (expectation === 'expect_table_row_count_to_be_between')
    return { unexpected: 'COUNT(*)', of: 'COUNT(*)' };
  const column = identifier(String(kwargs['column']));
  const of = `COUNT(${column})`;
  switch (expectation) {
    case 'expect_column_mean_to_be_between':
      return { unexpected: `AVG(${column})`, of };
    case 'expect_column_values_to_not_be_null':
      return { unexpected: `COUNT(*) - ${of}`, of: 'COUNT(*)' };
    case 'expect_column_values_to_be_unique':
      return { unexpected: `${of} - COUNT(DISTINCT ${column})`, of };
    case 'expect_column_values_to_be_between':
      return { unexpected: countIf(outside(column, kwargs)), of };
    case 'expect_column_values_to_be_in_set':
      return { unexpected: countIf(`${column} NOT IN (${literals(kwargs['value_set'])})`), of };
    default:
      throw new TypeError(`There is no query for the check ${expectation}.`);
  }
}

function isOfWholeTable(expectation: string): boolean {
  return (
    expectation === 'expect_table_row_count_to_be_between' ||
    expectation === 'expect_column_mean_to_be_between'
  );
}

function outside(column: string, { min_value: min, max_value: max }: PlainCheck['kwargs']): string {
  const sides = [
    ...(typeof min === 'number' ? [`${column} < ${sqlLiteral(min)}`] : []),
    ...(typeof max === 'number' ? [`${column} > ${sqlLiteral(max)}`] : []),
  ];
  return sides.length === 0 ? 'FALSE' : sides.join(' OR ');
}

function within(value: number | null, { min_value: min, max_value: max }: PlainCheck['kwargs']): boolean {
  if (value === null) return false;
  return (typeof min !== 'number' || value >= min) && (typeof max !== 'number' || value <= max);
}

function countIf(condition: string): string {
  return `COUNT(CASE WHEN ${condition} THEN 1 END)`;
}

function literals(values: unknown): string {
  if (!Array.isArray(values)) throw new TypeError('value_set is a list');
  return values.map((value: string | number | boolean) => sqlLiteral(value)).join(', ');
}

/** A number from an engine; null if there was nothing to count or average. */
export function figure(figures: Figures, name: string): number | null {
  const value = figures[name];
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return null;
  throw new TypeError(`The engine returned ${typeof value} for ${name}.`);
}
