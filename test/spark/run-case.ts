import type { Batch, ParityCase } from './cases/parity-case.ts';
import { differences } from './compare.ts';
import type { Outcome } from './encoded.ts';
import { isOrdered } from './ordered.ts';
import type { QueryTable, Refused, Translated } from './translate.ts';

/** An engine of the comparison. */
interface Side {
  run(sql: string): Promise<Outcome>;
}

export interface Sides {
  readonly spark: Side;
  readonly duckdb: Side;
  readonly tables: readonly QueryTable[];
  translate(sql: string, tables: readonly QueryTable[]): Translated | Refused;
}

export type Verdict =
  | 'same'
  | 'refused'
  | 'compiler failed'
  | 'different'
  | 'only Spark failed'
  | 'only DuckDB failed'
  | 'both failed'
  | 'not as declared';

export interface CaseResult {
  readonly name: string;
  readonly sql: string;
  readonly verdict: Verdict;
  /** Sentences: how the results differ, why the query was refused, or what an engine said. */
  readonly why: readonly string[];
  /** What ran; absent if refused. */
  readonly texts?: { readonly spark: string; readonly duckdb: string };
  readonly spark?: Outcome;
  readonly duckdb?: Outcome;
}

export interface ComparedQuery {
  readonly name: string;
  readonly sql: string;
  readonly ordered?: boolean;
  readonly batch?: Batch;
  readonly outcome?: ParityCase['outcome'];
  /** A DuckDB text in place of the translated one. */
  readonly duckdb?: string;
}

/**
 * Translates a query, runs it on both engines and compares the results. A refused query runs on neither. A query that
 * declares a failure is the `same` if it fails so.
 */
export async function runCase(query: ComparedQuery, sides: Sides): Promise<CaseResult> {
  const result = await answers(query, sides);
  const { outcome } = query;
  if (outcome === undefined) return result;
  const isSo =
    outcome === 'stopped'
      ? result.verdict === 'only DuckDB failed' && isStopped(result)
      : result.verdict === 'both failed';
  if (isSo) return { ...result, verdict: 'same', why: [] };
  return {
    ...result,
    verdict: 'not as declared',
    why: [`Declared: ${outcome}. ${result.verdict}.`, ...result.why],
  };
}

/** True if a form of the table refused a value. */
function isStopped({ duckdb }: CaseResult): boolean {
  return duckdb !== undefined && 'error' in duckdb && duckdb.error.refused === true;
}

async function answers(query: ComparedQuery, sides: Sides): Promise<CaseResult> {
  const { name, sql } = query;
  const translated = translation(query, sides);
  if (translated instanceof Error)
    return { name, sql, verdict: 'compiler failed', why: [translated.stack ?? translated.message] };
  if ('refused' in translated) return { name, sql, verdict: 'refused', why: [translated.refused] };
  const [spark, duckdb] = await Promise.all([
    sides.spark.run(translated.spark),
    sides.duckdb.run(translated.duckdb),
  ]);
  const errors = [
    ...('error' in spark ? [`Spark: ${spark.error.class}: ${spark.error.message}`] : []),
    ...('error' in duckdb ? [`DuckDB: ${duckdb.error.class}: ${duckdb.error.message}`] : []),
  ];
  const ran = { name, sql, texts: translated, spark, duckdb };
  if ('error' in spark)
    return { ...ran, verdict: 'error' in duckdb ? 'both failed' : 'only Spark failed', why: errors };
  if ('error' in duckdb) return { ...ran, verdict: 'only DuckDB failed', why: errors };
  const why = differences(spark, duckdb, {
    ordered: query.ordered ?? isOrdered(sql),
    compiled: translated.columns,
  });
  return { ...ran, verdict: why.length === 0 ? 'same' : 'different', why };
}

/** Returns an error that is not a refusal, so that the other queries still run. */
function translation({ sql, duckdb }: ComparedQuery, sides: Sides): Translated | Refused | Error {
  if (duckdb !== undefined) return { spark: sql, duckdb };
  try {
    return sides.translate(sql, sides.tables);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
