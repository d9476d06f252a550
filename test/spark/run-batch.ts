import type { Batch } from './cases/parity-case.ts';
import { EVERYTHING_ROWS } from './data/tables.ts';
import { runCase, type CaseResult, type ComparedQuery, type Sides } from './run-case.ts';

/** Fewer rows prove nothing. */
const FEWEST_ROWS = 20;

/**
 * Runs a query that computes many expressions. If the results are not the same, runs each expression by itself, without the
 * rows whose values DuckDB refuses, and returns the first that is not the same.
 */
export async function runBatch(
  query: ComparedQuery & { readonly batch: Batch },
  sides: Sides,
): Promise<CaseResult> {
  const whole = await runCase(query, sides);
  if (whole.verdict === 'same') return whole;
  const { name, batch } = query;
  const parts: CaseResult[] = [];
  for (const expression of batch.expressions) {
    const part = (where: string): ComparedQuery => ({
      name: `${name}: ${expression}`,
      sql: batch.query([expression], where),
    });
    const result = await runCase(part(''), sides);
    parts.push(isGuarded(result) ? await withoutGuardedRows(result, part, sides) : result);
  }
  const wrong = parts.filter(({ verdict }) => verdict !== 'same');
  const [first] = wrong;
  // Each expression is the same, so a row that one of them refuses stopped all of them.
  if (first === undefined) return { name, sql: whole.sql, verdict: 'same', why: [] };
  const others = wrong.slice(1).map(({ name: other, verdict }) => `also ${verdict}: ${other}`);
  return { ...first, why: [...first.why, ...others] };
}

function isGuarded({ duckdb }: CaseResult): boolean {
  return duckdb !== undefined && 'error' in duckdb && duckdb.error.refused === true;
}

/** Compares the largest part of the rows that can be found without a value that DuckDB refuses. */
async function withoutGuardedRows(
  guarded: CaseResult,
  part: (where: string) => ComparedQuery,
  sides: Sides,
): Promise<CaseResult> {
  const all = Array.from({ length: EVERYTHING_ROWS }, (_, id) => id);
  const accepted = await acceptedRows(all);
  return accepted.length < FEWEST_ROWS ? guarded : await runCase(part(only(accepted)), sides);

  /** An aggregate may refuse rows together that it accepts in parts. */
  async function acceptedRows(ids: readonly number[]): Promise<readonly number[]> {
    if (ids.length === 0 || (await isAccepted(ids))) return ids;
    if (ids.length === 1) return [];
    const middle = Math.floor(ids.length / 2);
    const left = await acceptedRows(ids.slice(0, middle));
    const right = await acceptedRows(ids.slice(middle));
    const both = [...left, ...right];
    if (both.length < ids.length && (await isAccepted(both))) return both;
    return left.length > right.length ? left : right;
  }

  async function isAccepted(ids: readonly number[]): Promise<boolean> {
    const translated = sides.translate(part(only(ids)).sql, sides.tables);
    return !('refused' in translated) && !('error' in (await sides.duckdb.run(translated.duckdb)));
  }
}

function only(ids: readonly number[]): string {
  return `id IN (${ids.join(', ')})`;
}
