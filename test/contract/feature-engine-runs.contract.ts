import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { EngineRun } from '#features/engines/engine.ts';
import {
  answerTo,
  buildOf,
  failure,
  named,
  PAYMENTS,
  sourceTable,
  type EngineBench,
} from '../support/engine-builds.ts';
import { putParquet } from '../support/parquet.ts';

export async function explainsFailures(
  t: TestContext,
  { engine, objects, payments }: EngineBench,
): Promise<void> {
  const columns = named({ amount: 'double' });

  await t.test('explains a mistake in the SQL as the query’s fault', async () => {
    const mistake = async (sql: string): Promise<string> => {
      const { code, message } = await failure(engine, { sql, relations: [payments], columns });
      assert.ok(['SQL_FAILED', 'SQL_INVALID', 'SQL_NOT_TRANSLATABLE'].includes(code), code);
      return message;
    };
    assert.match(await mistake('SELECT amonut FROM payments'), /amonut/);
    assert.match(await mistake('SELECT no_such_function(amount) FROM payments'), /no_such_function/);
    await mistake('SELECT FROM payments WHERE');
  });

  await t.test('rejects a value that does not fit its declared type, and does not show it', async () => {
    const sql = 'SELECT account, 3111222333 + account AS n FROM payments';
    const error = await failure(engine, {
      sql,
      relations: [payments],
      columns: named({ account: 'bigint', n: 'int' }),
    });
    assert.equal(error.code, 'SQL_FAILED');
    assert.doesNotMatch(error.message, /3111222/);
  });

  await t.test('tells a file that is gone apart from a fault of the query', async () => {
    const gone = sourceTable('payments', PAYMENTS, [objects.uri('raw/payments/gone.parquet')]);
    const build = { sql: 'SELECT amount FROM payments', relations: [gone], columns };
    assert.equal((await failure(engine, build)).code, 'OBJECT_NOT_FOUND');
  });
}

export async function runsBeside(t: TestContext, bench: EngineBench): Promise<void> {
  const { engine, objects, payments } = bench;

  await t.test('reads a file anew that was written over', async () => {
    const columns = named({ amount: 'double' });
    const totals: unknown[] = [];
    for (const amount of [42, 7]) {
      const key = 'raw/changing/part-0.parquet';
      const uri = await putParquet(objects, key, `SELECT ${amount}::DOUBLE AS amount`);
      const relations = [sourceTable('changing', columns, [uri])];
      totals.push(...(await answerTo(bench, { sql: 'SELECT amount FROM changing', relations, columns })));
    }
    assert.deepEqual(totals, [{ amount: 42 }, { amount: 7 }]);
  });

  await t.test('gives many builds at once each its own answer', async () => {
    const columns = named({ total: 'double' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const sql = `SELECT SUM(amount) + ${n} AS total FROM payments`;
        return await answerTo(bench, { sql, relations: [payments], columns });
      }),
    );
    assert.deepEqual(
      answers,
      Array.from({ length: 20 }, (_, n) => [{ total: 42 + n }]),
    );
  });

  await t.test('ends a cancelled build soon, with the caller’s reason and without a part', async () => {
    const cancel = new AbortController();
    const reason = new Error('no longer wanted');
    const steps: string[] = [];
    let cancelled = Number.NaN;
    const crossed = Array.from({ length: 16 }, (_, index) => `payments p${index}`).join(', ');
    const output = { prefix: 'cancelled/', attempt: 'test' };
    const columns = named({ s: 'double' });
    const sql = `SELECT SUM(p0.amount * p15.amount) AS s FROM ${crossed}`;
    const endless = buildOf({ sql, relations: [payments], columns, output });
    const onProgress: EngineRun['onProgress'] = ({ step }) => {
      // The third report is the first one from a running query.
      if (steps.push(step) !== 3) return;
      cancelled = performance.now();
      cancel.abort(reason);
    };
    const run: EngineRun = { signal: cancel.signal, onProgress };
    await assert.rejects(engine.build(endless, run), (error: unknown) => error === reason);
    assert.ok(performance.now() - cancelled < 4_000, 'it ended soon after the cancellation');
    assert.deepEqual([...new Set(steps)], ['read inputs', 'run query']);
    const short = buildOf({ sql: 'SELECT 1 AS s', relations: [], columns, output });
    await assert.rejects(engine.build(short, run), (error: unknown) => error === reason);
    for await (const { key } of objects.list(output.prefix)) assert.fail(`${key} was left`);
  });
  await t.test('leaves no part when it is cancelled during the upload', async () => {
    const cancel = new AbortController();
    const reason = new Error('cancelled late');
    const output = { prefix: 'cancelled-late/', attempt: 'test' };
    const late = buildOf({ sql: 'SELECT 1 AS s', relations: [], columns: named({ s: 'double' }), output });
    const onProgress: EngineRun['onProgress'] = ({ step }) => {
      if (step === 'upload') setImmediate(() => cancel.abort(reason));
    };
    const run: EngineRun = { signal: cancel.signal, onProgress };
    await assert.rejects(engine.build(late, run), (error: unknown) => error === reason);
    for await (const { key } of objects.list(output.prefix)) assert.fail(`${key} was left`);
  });
}
