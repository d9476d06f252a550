import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { readEnvironment } from '#configs/environment.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { duckDbError } from '#features/engines/duckdb/duckdb-error.ts';
import { openDuckDb } from '#features/engines/duckdb/duckdb-session.ts';
import { withScratchFolder } from '#platform/local-files.ts';

async function failureOf(work: Promise<unknown>): Promise<MillraceError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof MillraceError, inspect(error));
  return error;
}

test('names the work folder instead of its path when a local file cannot be used', async () => {
  await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    const env = { ...readEnvironment({}), MILLRACE_DUCKDB_HTTPFS: undefined };
    const part = `${folder}/no folder/part.parquet`;
    const gone = `${folder}/gone.parquet`;
    await using session = await openDuckDb({ env, folder, files: [part, gone] });
    for (const sql of [
      `COPY (SELECT 1) TO '${part}' (FORMAT parquet)`,
      `SELECT * FROM read_parquet('${gone}')`,
    ]) {
      const error = await failureOf(session.all(sql));
      assert.match(error.message, /the engine's work folder/);
      assert.ok(!inspect(error).includes(folder), inspect(error));
    }
  });
});

test('names a missing extension by its file name', async () => {
  await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    const extension = join(folder, 'httpfs.duckdb_extension');
    const env = { ...readEnvironment({}), MILLRACE_DUCKDB_HTTPFS: extension };
    const error = await failureOf(openDuckDb({ env, folder, files: [] }));
    assert.match(error.message, /"httpfs\.duckdb_extension"/);
    assert.ok(!inspect(error).includes(folder), inspect(error));
  });
});

test('keeps object URIs and addresses in messages', () => {
  for (const message of [
    'IO Error: No files found that match the pattern "s3://lake/raw/payments/gone.parquet"',
    "HTTP Error: HTTP GET error on 'https://127.0.0.1:8333/lake/raw/part-0.parquet' (HTTP 500)",
    'Binder Error: No function matches the given name and argument types a/b',
  ])
    assert.equal(duckDbError(new Error(message)).message, message);
});

test('removes a path without quotation marks', () => {
  const { message } = duckDbError(new Error('IO Error: Could not read from /var/lib/lake/part.parquet: EIO'));
  assert.equal(message, "IO Error: Could not read from a file in the engine's work folder: EIO");
});
