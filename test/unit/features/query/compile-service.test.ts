import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compilePid, compileQueries, compileQuery } from '#features/query/compile-service.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';

const DT = '2024-03-01';
const GOOD = 'SELECT account, 1.0D AS a FROM {{ sources.payments }}';

const setOf = (sql: string, name = 'behaviour') => featureSet({ name, sql, features: { a: 'double' } });

async function outcome(sql: string): Promise<string> {
  const set = setOf(sql);
  const [result] = await compileQueries(configsOf(set), [{ set: set.name, dt: DT }]);
  assert.ok(result !== undefined);
  return 'error' in result ? `${result.error.status} ${result.error.code}` : 'compiled';
}

const open = (count: number, what: string) => what.repeat(count);

/** Each would take gigabytes, minutes or the whole stack if nothing stopped it. */
const HOSTILE: readonly (readonly [why: string, sql: string, outcome: RegExp])[] = [
  ['a text of a gigabyte', "{{ 'a' * 1000000000 }}", /^422 TEMPLATE_TOO_LONG$/],
  [
    'a text of a gigabyte from smaller ones',
    "{% set a = 'a' * 100000000 %}{{ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a }}",
    /^422 TEMPLATE_TOO_LONG$/,
  ],
  [
    'loops in loops',
    "{% for i in range(9000) %}{% for j in range(9000) %}{{ 'a' * 1000000 }}{% endfor %}{% endfor %}",
    /^422 TEMPLATE_TOO_LONG$/,
  ],
  [
    'a macro that calls itself twice',
    `{% macro f(n) %}{% if n > 0 %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}`,
    /^422 TEMPLATE_TOO_LONG$/,
  ],
  [
    'a macro without end',
    '{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}',
    /^422 TEMPLATE_(INVALID|TOO_LONG)$/,
  ],
  ['brackets in the template', `{{ ${open(200_000, '(')}1${open(200_000, ')')} }}`, /^422 TEMPLATE_INVALID$/],
  [
    'brackets in the query',
    `SELECT account, ${open(100_000, '(')}1${open(100_000, ')')} AS a FROM {{ sources.payments }}`,
    /^422 SQL_/,
  ],
  [
    'a sum of 50,000 numbers',
    `SELECT account, ${open(50_000, '1+')}1 AS a FROM {{ sources.payments }}`,
    /^422 SQL_/,
  ],
  ['subqueries in subqueries', `${open(500, 'SELECT * FROM (')}${GOOD}${open(500, ') AS x')}`, /^422 SQL_/],
  [
    'a list of 300 million numbers',
    'SELECT account, size(range(300000000)) AS a FROM {{ sources.payments }}',
    /^422 SQL_/,
  ],
  [
    'an alias that doubles 60 times',
    `SELECT account, ${Array.from({ length: 60 }, (_, n) => `a${n} + a${n} AS a${n + 1}`)
      .join(', ')
      .replace('a0 + a0', '1.0D + 1.0D')} FROM {{ sources.payments }}`,
    /^422 SQL_/,
  ],
];

test('refuses queries and templates that would exhaust time or memory, and compiles the next one', async () => {
  for (const [why, sql, expected] of HOSTILE) {
    assert.match(await outcome(sql), expected, why);
    assert.equal(await outcome(GOOD), 'compiled', why);
  }
});

test('keeps the event loop free and gives the memory back', async () => {
  const before = process.memoryUsage.rss();
  let [longest, last] = [0, performance.now()];
  const ticks = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
  await outcome("{% set a = 'a' * 100000000 %}{{ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a }}");
  const pid = compilePid();
  clearInterval(ticks);
  assert.equal(pid, undefined, 'the child that had the memory is gone');
  assert.ok(process.memoryUsage.rss() - before < 200 * 1024 ** 2);
  // Compiling took more than a second; a busy machine may delay a timer by some of that.
  assert.ok(longest < 1_000, `the loop stood still for ${longest} ms`);
});

test('answers each set of a batch in order, each with its own query or error', async () => {
  const sets = [
    setOf(GOOD, 'one'),
    setOf('SELECT nonsense(', 'two'),
    setOf("{{ 'a' * 1000000000 }}", 'three'),
  ];
  const configs = configsOf(...sets, setOf(GOOD, 'four'));
  const items = ['one', 'two', 'three', 'four'].map((set) => ({ set, dt: DT }));
  const results = await compileQueries(configs, items);
  assert.deepEqual(
    results.map((result) => ('error' in result ? result.error.code : result.query.columns.length)),
    [2, 'SQL_INVALID', 'TEMPLATE_TOO_LONG', 2],
  );
  await assert.rejects(compileQuery(configs, { set: 'two', dt: DT }), { code: 'SQL_INVALID' });
  await assert.rejects(compileQuery(configs, { set: 'nope', dt: DT }), { code: 'FEATURE_SET_UNKNOWN' });
});

test('reports a child that ended by a signal from outside, and starts another one', async () => {
  await outcome(GOOD);
  const pid = compilePid() ?? assert.fail('there is no child');
  process.kill(pid, 'SIGSTOP');
  const pending = outcome(GOOD);
  process.kill(pid, 'SIGKILL');
  await assert.rejects(pending, { code: 'ENGINE_FAILED' });
  assert.equal(await outcome(GOOD), 'compiled');
});

test('lets a command end while the child is idle', async () => {
  const program = `
    import { compileQueries } from '#features/query/compile-service.ts';
    import { configsOf, featureSet } from '#test/support/feature-configs.ts';
    const set = featureSet();
    const [{ query }] = await compileQueries(configsOf(set), [{ set: set.name, dt: '${DT}' }]);
    process.exitCode = query.columns.length === 4 ? 0 : 1;`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    stdio: 'inherit',
    timeout: 45_000,
  });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
