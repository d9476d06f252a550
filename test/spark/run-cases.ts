import { KeptRows } from './kept-rows.ts';
import { runBatch } from './run-batch.ts';
import { runCase, type CaseResult, type ComparedQuery, type Sides } from './run-case.ts';

/** More than Spark runs at once, so that it never waits. */
const IN_FLIGHT = 4;

/**
 * Runs all queries and reports each as soon as it has ended. Resolves to the results in the order of the queries; to those
 * until then if it is aborted.
 */
export async function runCases(
  queries: readonly ComparedQuery[],
  sides: Sides,
  { signal, onResult }: { readonly signal?: AbortSignal; onResult?: (result: CaseResult) => void } = {},
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  const kept = new KeptRows();
  const queue = queries.entries();
  const work = async (): Promise<void> => {
    for (const [index, query] of queue) {
      if (signal?.aborted === true) return;
      const { batch } = query;
      const result = await (batch === undefined
        ? runCase(query, sides)
        : runBatch({ ...query, batch }, sides, kept));
      onResult?.(result);
      // Rows of thousands of results would fill the memory.
      const { spark: _spark, duckdb: _duckdb, ...rest } = result;
      results[index] = rest;
    }
  };
  // All of them end before a failure is thrown, since the caller then closes the engines.
  const ended = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, work));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return results.filter((result) => result !== undefined);
}
