import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from '#local/tools.ts';

const SCRIPT = `
  const { analyzeQuery, Dialect, parse, transpile } = await import('#features/query/sql-parser.ts');
  const sql = 'SELECT a, count(*) AS n FROM t WHERE b > 3 GROUP BY a';
  for (let done = 0; done < 200; done += 1) {
    if (!parse(sql, Dialect.Spark).success) throw new Error('the parser refused it');
    transpile(sql, Dialect.Spark, Dialect.DuckDB, { unsupportedLevel: 'raise' });
    analyzeQuery(sql, { dialect: Dialect.Spark });
  }
  process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
`;

test('parses without the optimising compiler, which would take 400 MiB', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    cwd: ROOT,
  });
  assert.ok(Number(stdout) < 250, `${stdout} MiB`);
});
