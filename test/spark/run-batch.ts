import type { Batch } from './cases/parity-case.ts';
import { EVERYTHING_ROWS } from './data/tables.ts';
import { runCase, type CaseResult, type ComparedQuery, type Sides } from './run-case.ts';

/** Begins the message of an error with which a DuckDB text refuses a value for which no equal answer is proven. */
const GUARD = 'millrace:';

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
  return duckdb !== undefined && 'error' in duckdb && duckdb.error.message.includes(GUARD);
}

async function withoutGuardedRows(
  guarded: CaseResult,
  part: (where: string) => ComparedQuery,
  sides: Sides,
): Promise<CaseResult> {
  const refused = await refusedRows(0, EVERYTHING_ROWS - 1);
  if (EVERYTHING_ROWS - refused.length < FEWEST_ROWS) return guarded;
  return await runCase(part(`id NOT IN (${refused.join(', ')})`), sides);

  async function refusedRows(from: number, to: number): Promise<readonly number[]> {
    const translated = sides.translate(
      part(`id BETWEEN ${String(from)} AND ${String(to)}`).sql,
      sides.tables,
    );
    if ('refused' in translated) return [];
    const outcome = await sides.duckdb.run(translated.duckdb);
    if (!('error' in outcome)) return [];
    if (from === to) return [from];
    const middle = Math.floor((from + to) / 2);
    return [...(await refusedRows(from, middle)), ...(await refusedRows(middle + 1, to))];
  }
}
