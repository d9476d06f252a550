import { typeText, type Outcome } from './encoded.ts';
import type { CaseResult } from './run-case.ts';

const MOST_ROWS_SHOWN = 30;

/** A result that is not `same`, with all that explains it. */
export function describeCase({ name, sql, verdict, why, texts, spark, duckdb }: CaseResult): string {
  return [
    `${verdict.toUpperCase()}  ${name}`,
    `  query   ${sql}`,
    ...(texts === undefined || texts.spark === sql ? [] : [`  Spark   ${texts.spark}`]),
    ...(texts === undefined ? [] : [`  DuckDB  ${texts.duckdb}`]),
    ...why.map((line) => `  ${line}`),
    ...(spark === undefined ? [] : ['  on Spark:', ...outcomeLines(spark)]),
    ...(duckdb === undefined ? [] : ['  on DuckDB:', ...outcomeLines(duckdb)]),
  ].join('\n');
}

/** A table of columns, types and the first rows, or the error. */
export function outcomeLines(outcome: Outcome, mostRows = MOST_ROWS_SHOWN): readonly string[] {
  if ('error' in outcome) return [`    ${outcome.error.class}: ${outcome.error.message}`];
  const { columns } = outcome;
  // Both results in one order, to be read side by side.
  const rows = outcome.rows
    .map((row) => row.map((value) => JSON.stringify(value)).join(' | '))
    .toSorted(byNumber);
  const more = rows.length > mostRows ? [`    … ${String(rows.length - mostRows)} more`] : [];
  return [
    `    ${columns.map(({ name, type }) => `${name} ${typeText(type)}`).join(' | ')}`,
    ...rows.slice(0, mostRows).map((row) => `    ${row}`),
    ...more,
  ];
}

/** How many queries had each verdict, and how many were refused for each reason. */
export function summary(results: readonly CaseResult[]): string {
  const verdicts = count(results.map(({ verdict }) => verdict));
  const reasons = count(
    results.filter(({ verdict }) => verdict === 'refused').map(({ why }) => why.join(' ')),
  );
  return [
    `${String(results.length)} queries: ${verdicts.map(([verdict, times]) => `${String(times)} ${verdict}`).join(', ')}`,
    ...reasons.map(([reason, times]) => `  refused ${String(times)} times: ${reason}`),
  ].join('\n');
}

function count<T extends string>(values: readonly T[]): readonly (readonly [T, number])[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a);
}

const byNumber = new Intl.Collator('en', { numeric: true }).compare;
