import type { Batch } from './cases/parity-case.ts';
import { EVERYTHING_ROWS } from './data/tables.ts';
import { runCase, type CaseResult, type ComparedQuery, type Sides } from './run-case.ts';

/** Fewer rows prove nothing. */
const FEWEST_ROWS = 20;
/** Rows on which DuckDB fails that Spark must fail on too, each by itself. */
const MOST_CHECKED = 4;

type Expression = (where: string) => ComparedQuery;

/** Rows that expressions over the same columns were compared on, to be tried first for the next one. */
export type KeptRows = Map<string, (readonly number[])[]>;

/**
 * Runs a query that computes many expressions. If the results are not the same, runs those expressions together that DuckDB
 * computes for all rows, and each other one without the rows on which DuckDB fails. Returns the first that is not the
 * same.
 */
export async function runBatch(
  query: ComparedQuery & { readonly batch: Batch },
  sides: Sides,
  kept: KeptRows = new Map(),
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
    if (failure !== 'none') {
      const columns = [...new Set(expression.match(/\b[cd]_\w+/g))].toSorted().join(' ');
      const tried = kept.get(columns) ?? [];
      kept.set(columns, tried);
      results.push(await withoutFailingRows(alone, failure, batch, tried, sides));
    } else computed.push(expression);
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

/**
 * Compares the rows on which DuckDB does not fail, if these are enough to prove something. On rows where it fails, other than
 * by a form that refuses a value, Spark must fail too.
 */
async function withoutFailingRows(
  expression: Expression,
  failure: Failure,
  { rowByRow }: Batch,
  tried: (readonly number[])[],
  sides: Sides,
): Promise<CaseResult> {
  const all = Array.from({ length: EVERYTHING_ROWS }, (_, id) => id);
  const kept = (await acceptedOf(tried)) ?? (await acceptedRows(all));
  if (kept.length < FEWEST_ROWS) return await runCase(expression(''), sides);
  if (failure === 'failed') {
    const whole = await runCase(expression(''), sides);
    if (whole.verdict !== 'both failed') return whole;
  }
  if (!tried.includes(kept)) tried.push(kept);
  const left = all.filter((id) => !kept.includes(id));
  const unlike = rowByRow ? await onlyDuckDbFails(left) : undefined;
  return unlike ?? (await runCase(expression(only(kept)), sides));

  async function accepts(ids: readonly number[]): Promise<boolean> {
    return (await failureOf(expression(only(ids)), sides)) === 'none';
  }

  async function acceptedOf(lists: readonly (readonly number[])[]): Promise<readonly number[] | undefined> {
    for (const ids of lists) if (await accepts(ids)) return ids;
    return undefined;
  }

  /** An aggregate may refuse rows together that it accepts in parts. */
  async function acceptedRows(ids: readonly number[]): Promise<readonly number[]> {
    if (ids.length === 0 || (await accepts(ids))) return ids;
    if (ids.length === 1) return [];
    const middle = Math.floor(ids.length / 2);
    const first = await acceptedRows(ids.slice(0, middle));
    const second = await acceptedRows(ids.slice(middle));
    const both = [...first, ...second];
    if (both.length < ids.length && (await accepts(both))) return both;
    return first.length > second.length ? first : second;
  }

  async function onlyDuckDbFails(ids: readonly number[]): Promise<CaseResult | undefined> {
    const step = Math.ceil(ids.length / MOST_CHECKED);
    for (const id of ids.filter((_, index) => index % step === 0)) {
      if ((await failureOf(expression(only([id])), sides)) !== 'failed') continue;
      const result = await runCase(expression(only([id])), sides);
      if (result.verdict !== 'both failed') return result;
    }
    return undefined;
  }
}

function only(ids: readonly number[]): string {
  return `id IN (${ids.join(', ')})`;
}
