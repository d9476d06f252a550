import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import { openDuckDb } from '#features/engines/duckdb/duckdb-session.ts';
import { compileSql } from '#features/query/compile-sql.ts';
import { plainRelation } from '#features/query/readable-relations.ts';
import { withScratchFolder } from '#platform/local-files.ts';

test('opens the files of its build and no others', async () => {
  await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    const env = { ...readEnvironment({}), MILLRACE_DUCKDB_HTTPFS: undefined };
    const [own, other] = [join(folder, 'own.parquet'), join(folder, 'other.parquet')];
    await using writer = await openDuckDb({ env, folder: join(folder, 'writer'), files: [own, other] });
    for (const path of [own, other]) await writer.all(`COPY (SELECT 1 AS a) TO '${path}' (FORMAT parquet)`);

    await using session = await openDuckDb({ env, folder: join(folder, 'reader'), files: [own] });
    assert.deepEqual((await session.all(`SELECT a FROM read_parquet('${own}')`)).getRowsJson(), [[1]]);
    for (const sql of [
      `SELECT a FROM read_parquet('${other}')`,
      `SELECT a FROM read_parquet('${folder}/*.parquet')`,
      `SELECT a FROM '${other}'`,
      `SELECT file FROM glob('${folder}/*')`,
      `SELECT content FROM read_text('/etc/hostname')`,
      `COPY (SELECT 1 AS a) TO '${other}' (FORMAT parquet)`,
      `ATTACH '${folder}/new.duckdb'`,
      `SET allowed_paths = ['${other}']`,
      'SET enable_external_access = true',
    ])
      await assert.rejects(session.all(sql), { code: 'SQL_FAILED' }, sql);
  });
});

test('runs the longest chain of operators that the compiler takes', async () => {
  await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    const env = { ...readEnvironment({}), MILLRACE_DUCKDB_HTTPFS: undefined };
    await using session = await openDuckDb({ env, folder, files: [] });
    await session.all('CREATE TEMP TABLE payments AS SELECT 1 AS account, 0.5::DOUBLE AS amount');
    const relation = plainRelation('payments', [
      { name: 'account', type: 'int' },
      { name: 'amount', type: 'double' },
    ]);
    const sumOf = (terms: number): string => {
      const sum = Array.from({ length: terms }, () => 'amount').join(' + ');
      return compileSql(`SELECT account, ${sum} AS f FROM payments`, [relation]).duckdb;
    };
    assert.throws(() => sumOf(310), { code: 'SQL_INVALID' });
    const duckdb = sumOf(290);
    assert.deepEqual((await session.all(duckdb)).getRowsJson(), [[1, 145]]);
  });
});
