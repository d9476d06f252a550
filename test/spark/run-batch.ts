import type { Batch } from './cases/parity-case.ts';
import { EVERYTHING_ROWS } from './data/tables.ts';
import { KeptRows } from './kept-rows.ts';
import { runCase, type CaseResult, type ComparedQuery, type Sides } from './run-case.ts';

/** Fewer rows prove nothing. */
const FEWEST_ROWS = 20;
/** Rows on which DuckDB fails that Spark must fail on too, each by itself. */
const MOST_CHECKED = 4;

const ALL = Array.from({ length: EVERYTHING_ROWS }, (_, id) => id);

type Expression = (where: string) => ComparedQuery;

/**
 * Runs a query that computes many expressions. If the results are not the same, runs those expressions together that DuckDB
 * computes for all rows, and each other one without the rows on which DuckDB fails. Returns the first that is not the
 * same.
 */
export async function runBatch(
  query: ComparedQuery & { readonly batch: Batch },
  sides: Sides,
  kept = new KeptRows(),
): Promise<CaseResult> {
  const whole = await runCase(query, sides);
  if (whole.verdict === 'same') return whole;
  const { name, batch } = query;
  const results: CaseResult[] = [];
  const computed: string[] = [];
  for (const expression of batch.expressions) {
    const alone: Expression = (where) => ({
      name: `${name}: ${expression}`,
      sql: batch.query([expression], where),
    });
    const failure = await failureOf(alone(''), sides);
    if (failure === 'none') {
      computed.push(expression);
      continue;
    }
    const rows = await rowsWithoutFailure(alone, kept.likely(expression), sides);
    kept.add(expression, rows);
    results.push(await comparedOn(rows, alone, failure, batch, sides));
  }
  results.push(...(await runComputed(query, computed, sides)));
  const wrong = results.filter(({ verdict }) => verdict !== 'same');
  const [first] = wrong;
  if (first === undefined) return { name, sql: whole.sql, verdict: 'same', why: [] };
  const others = wrong.slice(1).map(({ name: other, verdict }) => `also ${verdict}: ${other}`);
  return { ...first, why: [...first.why, ...others] };
}

/** One by one only if they are not the same together, because each query takes Spark a while. */
async function runComputed(
  { name, batch }: ComparedQuery & { readonly batch: Batch },
  expressions: readonly string[],
  sides: Sides,
): Promise<readonly CaseResult[]> {
  if (expressions.length === 0) return [];
  const together = await runCase({ name, sql: batch.query(expressions, '') }, sides);
  if (together.verdict === 'same' || expressions.length === 1) return [together];
  const results: CaseResult[] = [];
  for (const expression of expressions)
    results.push(
      await runCase({ name: `${name}: ${expression}`, sql: batch.query([expression], '') }, sides),
    );
  // Spark reads `>>` in two ways, by what stands before it, so it may be refused beside other expressions only.
  const isAlike = results.every(({ verdict }) => verdict === 'same') && together.verdict !== 'refused';
  return isAlike ? [together] : results;
}

type Failure = 'none' | 'stopped' | 'failed';

/** Whether DuckDB fails, by a form that refuses a value or otherwise. A query that the compiler refuses does not. */
async function failureOf({ sql }: ComparedQuery, sides: Sides): Promise<Failure> {
  try {
    const translated = sides.translate(sql, sides.tables);
    if (!('duckdb' in translated)) return 'none';
    const outcome = await sides.duckdb.run(translated.duckdb);
    if (!('error' in outcome)) return 'none';
    return outcome.error.refused === true ? 'stopped' : 'failed';
  } catch {
    // The compiler fails, which is a result of its own.
    return 'none';
  }
}

/** The first of the likely rows on which DuckDB does not fail, or else the most rows that can be found. */
async function rowsWithoutFailure(
  expression: Expression,
  likely: readonly (readonly number[])[],
  sides: Sides,
): Promise<readonly number[]> {
  for (const rows of likely) if (rows.length >= FEWEST_ROWS && (await accepts(rows))) return rows;
  return await acceptedOf(ALL);

  async function accepts(rows: readonly number[]): Promise<boolean> {
    return (await failureOf(expression(only(rows)), sides)) === 'none';
  }

  /** An aggregate may refuse rows together that it accepts in parts. */
  async function acceptedOf(rows: readonly number[]): Promise<readonly number[]> {
    if (rows.length === 0 || (await accepts(rows))) return rows;
    if (rows.length === 1) return [];
    const middle = Math.floor(rows.length / 2);
    const first = await acceptedOf(rows.slice(0, middle));
    const second = await acceptedOf(rows.slice(middle));
    const both = [...first, ...second];
    if (both.length < rows.length && (await accepts(both))) return both;
    return first.length > second.length ? first : second;
  }
}

/**
 * Compares an expression on the rows on which DuckDB does not fail, if these are enough to prove something. On rows where it
 * fails, other than by a form that refuses a value, Spark must fail too.
 */
async function comparedOn(
  rows: readonly number[],
  expression: Expression,
  failure: Failure,
  { rowByRow }: Batch,
  sides: Sides,
): Promise<CaseResult> {
  if (rows.length < FEWEST_ROWS) return await runCase(expression(''), sides);
  if (failure === 'failed') {
    const whole = await runCase(expression(''), sides);
    if (whole.verdict !== 'both failed') return whole;
  }
  const others = ALL.filter((id) => !rows.includes(id));
  const step = Math.ceil(others.length / MOST_CHECKED);
  for (const id of rowByRow ? others.filter((_, index) => index % step === 0) : []) {
    const alone = expression(only([id]));
    if ((await failureOf(alone, sides)) !== 'failed') continue;
    const result = await runCase(alone, sides);
    if (result.verdict !== 'both failed') return result;
  }
  return await runCase(expression(only(rows)), sides);
}

function only(rows: readonly number[]): string {
  return `id IN (${rows.join(', ')})`;
}
