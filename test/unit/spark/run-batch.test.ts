import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVERYTHING_ROWS } from '#test/spark/data/tables.ts';
import type { Outcome } from '#test/spark/encoded.ts';
import { runBatch } from '#test/spark/run-batch.ts';
import type { Sides } from '#test/spark/run-case.ts';

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
  batch: { expressions, query },
});

/** Spark gives each id for each expression; DuckDB what the test says, for one expression and one id. */
function sides(duckdb: (expression: string, id: number) => string | { readonly refused: true }): Sides {
  const run = (sql: string, value: typeof duckdb): Promise<Outcome> => {
    const { expressions, ids } = JSON.parse(sql) as Query;
    const rows = ids.map((id) => expressions.map((expression) => value(expression, id)));
    if (rows.flat().some((cell) => typeof cell !== 'string'))
      return Promise.resolve({ error: { class: 'SQL_FAILED', message: 'refused', refused: true } });
    const columns = expressions.map((name) => ({ name, type: 'int' }));
    return Promise.resolve({ columns, rows: rows as string[][] });
  };
  return {
    spark: { run: (sql) => run(sql, (_expression, id) => String(id)) },
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
});
