import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import { openDuckDb } from '#features/engines/duckdb/duckdb-session.ts';
import { duckDbStatistics } from '#features/engines/duckdb/duckdb-statistics.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import { buildOf, named } from '#test/support/engine-builds.ts';

test('rejects the statistics of a cancelled build with the caller’s reason', async () => {
  await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    const env = { ...readEnvironment({}), MILLRACE_DUCKDB_HTTPFS: undefined };
    const path = join(folder, 'part.parquet');
    await using session = await openDuckDb({ env, folder, files: [path] });
    await session.all(`COPY (SELECT 1::BIGINT AS account) TO '${path}' (FORMAT parquet)`);
    const columns = named({ account: 'bigint' });
    const build = buildOf({ sql: 'SELECT 1 AS account', relations: [], columns });
    const [statistics] = await duckDbStatistics(session, build, path, undefined);
    assert.deepEqual(statistics, { name: 'account', nulls: 0, min: 1, max: 1 });

    const reason = new Error('no longer wanted');
    await assert.rejects(
      duckDbStatistics(session, build, path, AbortSignal.abort(reason)),
      (error: unknown) => error === reason,
    );
  });
});
