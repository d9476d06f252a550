import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkSchema } from '#configs/checks.ts';
import { readEnvironment } from '#configs/environment.ts';
import type { ColumnType } from '#configs/types/declared-type.ts';
import type { TableFindings } from '#features/checks/findings.ts';
import { plainCheck } from '#features/checks/plain-check.ts';
import { unexpectedRowsSql } from '#features/checks/unexpected-rows.ts';
import { duckDbFindings } from '#features/engines/duckdb/duckdb-findings.ts';
import { openDuckDb } from '#features/engines/duckdb/duckdb-session.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import { buildOf, named } from '#test/support/engine-builds.ts';
import expected from './fixtures/great-expectations.json' with { type: 'json' };

type Value = number | string | null;

interface Judged {
  readonly findings: TableFindings;
  /** Rows that the query for people finds; undefined if there is none. */
  readonly found: number | undefined;
}

/** Runs a check over a table of the one column `x`. */
async function judge(values: readonly Value[], type: ColumnType, yaml: unknown): Promise<Judged> {
  return withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    const env = { ...readEnvironment({}), MILLRACE_DUCKDB_HTTPFS: undefined };
    const path = join(folder, 'part.parquet');
    await using session = await openDuckDb({ env, folder, files: [path] });
    const sqlType = { string: 'VARCHAR', boolean: 'BOOLEAN', bigint: 'BIGINT' }[type] ?? 'DOUBLE';
    const rows = values.map((value) => `(${value === null ? 'NULL' : `'${value}'`}::${sqlType})`);
    const table =
      rows.length === 0
        ? `SELECT NULL::${sqlType} AS x WHERE FALSE`
        : `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(x)`;
    await session.all(`COPY (${table}) TO '${path}' (FORMAT parquet)`);
    const check = checkSchema.parse(yaml);
    const columns = named({ x: type });
    const build = {
      ...buildOf({ sql: 'SELECT 1', relations: [], columns }),
      uniqueBy: undefined,
      checks: [check],
    };
    const findings = await duckDbFindings(session, build, [path], undefined);
    const sql = unexpectedRowsSql(plainCheck(check, columns), [path]);
    const found = sql === undefined ? undefined : (await session.all(sql)).currentRowCount;
    return { findings, found };
  });
}

test(`gives the verdicts of ${expected.version}`, async () => {
  for (const { data, expectation, kwargs, success, result } of expected.verdicts) {
    const values: readonly Value[] = expected.data[data as keyof typeof expected.data];
    const isTable = expectation === 'expect_table_row_count_to_be_between';
    const yaml = { [expectation]: isTable ? kwargs : { column: 'x', ...kwargs } };
    const { findings, found } = await judge(values, data === 'text' ? 'string' : 'double', yaml);
    const [ours] = findings.checks;
    const name = `${expectation} ${JSON.stringify(kwargs)} of ${data}`;
    assert.equal(ours?.success, success, name);
    assert.deepEqual(Object.keys(ours.result).toSorted(), Object.keys(result).toSorted(), name);
    for (const [field, value] of Object.entries(ours.result)) {
      const theirs = result[field as keyof typeof result] as number | null;
      assert.ok(
        value === theirs || Math.abs(Number(value) - Number(theirs)) < 1e-9,
        `${name}: ${field} ${value}`,
      );
    }
    if ('unexpected_count' in result) assert.equal(found, result.unexpected_count, `${name}: rows`);
  }
});

test('counts the empty text as missing, as training does', async () => {
  const values = ['a', '', '', null];
  const filled = await judge(values, 'string', { expect_column_values_to_not_be_null: { column: 'x' } });
  assert.deepEqual(filled.findings.checks[0]?.result, {
    element_count: 4,
    unexpected_count: 3,
    unexpected_percent: 75,
  });
  assert.equal(filled.found, 3);
  const unique = await judge(values, 'string', { expect_column_values_to_be_unique: { column: 'x' } });
  assert.deepEqual(
    [unique.findings.checks[0]?.success, unique.findings.checks[0]?.result.missing_count],
    [true, 3],
  );
});

test('compares whole numbers above 2^53 exactly', async () => {
  const yaml = (value: string) => ({
    expect_column_values_to_be_in_set: { column: 'x', value_set: [value] },
  });
  const values = ['9007199254740993'];
  assert.equal((await judge(values, 'bigint', yaml('9007199254740993'))).findings.checks[0]?.success, true);
  assert.equal((await judge(values, 'bigint', yaml('9007199254740992'))).findings.checks[0]?.success, false);
});

test('fails a mean that is not finite as a check, and compares an infinite one', async () => {
  const mean = (values: readonly Value[], kwargs: object) =>
    judge(values, 'double', { expect_column_mean_to_be_between: { column: 'x', ...kwargs } });
  const rows = [
    [['NaN', 'NaN'], { min_value: 0 }, false],
    [['Infinity', 1], { min_value: 0 }, true],
    [['Infinity', 1], { max_value: 5 }, false],
    [['Infinity', '-Infinity'], { max_value: 5 }, false],
  ] as const;
  for (const [values, kwargs, success] of rows) {
    const [result] = (await mean(values, kwargs)).findings.checks;
    assert.deepEqual([result?.success, result?.observed], [success, null], JSON.stringify(values));
  }
});
