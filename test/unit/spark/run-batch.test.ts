import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVERYTHING_ROWS } from '#test/spark/data/tables.ts';
import type { Outcome } from '#test/spark/encoded.ts';
import { runBatch } from '#test/spark/run-batch.ts';
import { runCase, type Sides } from '#test/spark/run-case.ts';

/** A query as JSON, which the engines below read. */
interface Query {
  readonly expressions: readonly string[];
  readonly ids: readonly number[];
}

const ALL = Array.from({ length: EVERYTHING_ROWS }, (_, id) => id);

const query = (expressions: readonly string[], where: string): string =>
  JSON.stringify({
    expressions,
    ids: where === '' ? ALL : [...where.matchAll(/\d+/g)].map(Number),
  } satisfies Query);

const batch = (expressions: readonly string[]) => ({
  name: 'batch',
  sql: query(expressions, ''),
  batch: { expressions, rowByRow: true, query },
});

/** The text `fails` stands for an error. */
type Value = (expression: string, id: number) => string | { readonly refused: true };

/** Engines that give what the test says for one expression and one id; by default, Spark gives the id. */
function sides(duckdb: Value, spark: Value = (_expression, id) => String(id)): Sides {
  const run = (sql: string, value: Value): Promise<Outcome> => {
    const { expressions, ids } = JSON.parse(sql) as Query;
    const rows = ids.map((id) => expressions.map((expression) => value(expression, id)));
    if (rows.flat().some((cell) => typeof cell !== 'string'))
      return Promise.resolve({ error: { class: 'SQL_FAILED', message: 'refused', refused: true } });
    if (rows.flat().includes('fails'))
      return Promise.resolve({ error: { class: 'SQL_FAILED', message: 'overflow' } });
    const columns = expressions.map((name) => ({ name, type: 'int' }));
    return Promise.resolve({ columns, rows: rows as string[][] });
  };
  return {
    spark: { run: (sql) => run(sql, spark) },
    duckdb: { run: (sql) => run(sql, duckdb) },
    tables: [],
    translate: (sql) => ({ duckdb: sql, spark: sql }),
  };
}

describe('a query with many expressions', () => {
  it('is the same when every expression is', async () => {
    const result = await runBatch(
      batch(['a', 'b']),
      sides((_expression, id) => String(id)),
    );
    assert.equal(result.verdict, 'same');
  });

  it('names the expression that differs, and the others that do', async () => {
    const result = await runBatch(
      batch(['a', 'b', 'c']),
      sides((expression, id) => (expression !== 'a' && id === 7 ? '-1' : String(id))),
    );
    assert.equal(result.name, 'batch: b');
    assert.equal(result.verdict, 'different');
    assert.equal(result.why.at(-1), 'also different: batch: c');
  });

  it('leaves out the rows whose values DuckDB refuses, and no others', async () => {
    const refuses = (id: number): boolean => id % 10 === 3;
    const equal = await runBatch(
      batch(['a', 'b']),
      sides((expression, id) => (expression === 'b' && refuses(id) ? { refused: true } : String(id))),
    );
    assert.equal(equal.verdict, 'same');
    const different = await runBatch(
      batch(['a', 'b']),
      sides((_expression, id) => (refuses(id) ? { refused: true } : id === 4 ? '-1' : String(id))),
    );
    assert.equal(different.verdict, 'different');
  });

  it('is not the same when DuckDB refuses nearly every row', async () => {
    const result = await runBatch(
      batch(['a', 'b']),
      sides((_expression, id) => (id < EVERYTHING_ROWS - 10 ? { refused: true } : String(id))),
    );
    assert.equal(result.verdict, 'only DuckDB failed');
  });

  it('leaves out the rows on which both engines fail', async () => {
    const fails: Value = (expression, id) => (expression === 'b' && id % 10 === 3 ? 'fails' : String(id));
    const equal = await runBatch(batch(['a', 'b']), sides(fails, fails));
    assert.equal(equal.verdict, 'same');
    const different = await runBatch(
      batch(['a', 'b']),
      sides((expression, id) => (expression === 'b' && id === 4 ? '-1' : fails(expression, id)), fails),
    );
    assert.equal(different.verdict, 'different');
  });

  it('is not the same when only DuckDB fails on a row', async () => {
    const result = await runBatch(
      batch(['a', 'b']),
      sides(
        (expression, id) => (expression === 'b' && (id === 3 || id === 5) ? 'fails' : String(id)),
        (expression, id) => (expression === 'b' && id === 5 ? 'fails' : String(id)),
      ),
    );
    assert.equal(result.verdict, 'only DuckDB failed');
    assert.equal(result.name, 'batch: b');
  });

  it('is not the same when only Spark fails on a row', async () => {
    const result = await runBatch(
      batch(['a', 'b']),
      sides(
        (_expression, id) => String(id),
        (expression, id) => (expression === 'b' && id === 5 ? 'fails' : String(id)),
      ),
    );
    assert.equal(result.verdict, 'only Spark failed');
  });
});

describe('a query that declares a failure', () => {
  const failing = { name: 'one', sql: query(['a'], '') };
  const answers = (): string => '1';
  const fails = (): string => 'fails';
  const refuses = (): { readonly refused: true } => ({ refused: true });

  for (const [outcome, duckdb, spark, verdict] of [
    ['stopped', refuses, answers, 'same'],
    ['stopped', fails, answers, 'not as declared'],
    ['stopped', refuses, fails, 'not as declared'],
    ['stopped', answers, answers, 'not as declared'],
    ['both fail', fails, fails, 'same'],
    ['both fail', refuses, fails, 'same'],
    ['both fail', answers, fails, 'not as declared'],
    ['both fail', fails, answers, 'not as declared'],
  ] as const)
    it(`is ${verdict} when it must be ${outcome}, DuckDB ${duckdb.name} and Spark ${spark.name}`, async () => {
      const result = await runCase({ ...failing, outcome }, sides(duckdb, spark));
      assert.equal(result.verdict, verdict);
    });
});
