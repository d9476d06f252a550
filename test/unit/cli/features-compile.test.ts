import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '#cli/run.ts';
import { EXIT } from '#errors/exit-class.ts';
import { featureSetScaffold, sourceScaffold } from '#cli/scaffold.ts';
import { recordedTerminal } from '#test/support/recorded-terminal.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-compile-'));
  for (const { path, text } of [...sourceScaffold('visits'), ...featureSetScaffold('habits', 'visits')])
    await writeFile(join(folder, path), text);
});
after(() => rm(folder, { recursive: true, force: true }));

const call = async (...args: readonly string[]) => {
  const terminal = recordedTerminal(folder);
  return { exit: await run(args, terminal), out: terminal.stdout(), err: terminal.stderr() };
};

test('compiles a set of a folder for both engines, without an API', async () => {
  const { exit, out, err } = await call(
    'features',
    'compile',
    'habits',
    '--date',
    '2026-01-05',
    '--dir',
    '.',
  );
  assert.equal(exit, EXIT.ok, err);
  assert.match(out, /^-- habits at 2026-01-05, from habits\.sql\n--\n-- column +type +from\n/);
  assert.match(out, /\n-- amount_sum +double +visits\.amount\n/);
  assert.match(
    out,
    /\n-- DuckDB: what the query reads\n\n-- source visits, as it was known on the date\nCREATE TEMP VIEW /,
  );
  assert.match(out, /\n-- Spark: what the query reads\n/);
  assert.match(out, /\nWHERE DATEDIFF\(DATE '2026-01-05', event_date\) <= 30\n/);
});

test('prints one engine alone, and all of it as JSON', async () => {
  const spark = await call('features', 'compile', 'habits', '--dir', '.', '--engine', 'spark');
  assert.doesNotMatch(spark.out, /DuckDB/);
  const json = await call('features', 'compile', 'habits', '--dir', '.', '--json');
  const { feature_set, columns, engines } = JSON.parse(json.out);
  assert.deepEqual([feature_set, columns.length, Object.keys(engines)], ['habits', 3, ['duckdb', 'spark']]);
});

test('rejects what cannot be compiled with the code of its fault', async () => {
  for (const [args, exit, error] of [
    [['nothing'], EXIT.notFound, /^FEATURE_SET_UNKNOWN: /],
    [['habits', '--date', '9999-12-31'], EXIT.badInput, /^PARTITION_DATE_INVALID: /],
    [['habits', '--date', 'today'], EXIT.badInput, /Give a date as YYYY-MM-DD/],
    [['habits', '--engine', 'pandas'], EXIT.badInput, /Allowed choices are duckdb, spark/],
  ] as const) {
    const answer = await call('features', 'compile', ...args, '--dir', '.');
    assert.equal(answer.exit, exit, args.join(' '));
    assert.match(answer.err, error);
  }
  await writeFile(join(folder, 'habits.sql'), "{{ 'a' * 1000000000 }}");
  const huge = await call('features', 'compile', 'habits', '--dir', '.');
  assert.match(huge.err, /^TEMPLATE_TOO_LONG: /);
  await writeFile(join(folder, 'visits.yaml'), 'kind: Source\nname: 7\n');
  const invalid = await call('features', 'compile', 'habits', '--dir', '.');
  assert.equal(invalid.exit, EXIT.badInput);
  assert.match(invalid.err, /^CONFIG_INVALID: [\s\S]*visits\.yaml:2:7/);
});
