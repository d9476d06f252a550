import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { run } from '#cli/run.ts';
import { loadConfigs } from '#configs/load.ts';
import { readConfigFolder, readTestFiles } from '#configs/read-folder.ts';
import { EXIT } from '#errors/exit-class.ts';
import { recordedTerminal } from '#test/support/recorded-terminal.ts';

let folder: string;
const folders: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-tests-'));
  folders.push(folder);
});
after(() => Promise.all(folders.map((one) => rm(one, { recursive: true, force: true }))));

const CONFIGS = `kind: Source
name: visits
owner: shop
location: raw/visits/
keys: [visitor, day]
event_time: day
known_time: known
columns:
  visitor: string
  day: date
  spent: double
  paid: decimal(10,2)
  tags: array<string>
  about: 'struct<town:string,seen:timestamp>'
  counts: 'map<string,int>'
  known: timestamp
sensitive: [about]
---
kind: FeatureSet
name: habits
owner: shop
entity: visitor
sources: [visits]
partition: { grain: day, start: 2020-01-01, max_staleness: 3d, time_zone: Asia/Taipei }
sql: habits.sql
params: { factor: 1 }
features:
  spent: { type: double, description: spent }
  visits: { type: bigint, description: visits }
---
kind: FeatureSet
name: doubled
owner: shop
entity: visitor
feature_sets: [habits]
partition: { grain: day, start: 2020-01-01, max_staleness: 3d, time_zone: Asia/Taipei }
sql: doubled.sql
features:
  twice: { type: double, description: twice }
`;
const HABITS = `SELECT visitor, SUM(spent) * {{ params.factor }} AS spent, COUNT(*) AS visits
FROM {{ sources.visits }} GROUP BY visitor`;
const DOUBLED = 'SELECT visitor, spent * 2 AS twice FROM {{ features.habits }}';

async function write(tests: string, habits = HABITS): Promise<void> {
  const files = { 'shop.yaml': CONFIGS, 'habits.sql': habits, 'doubled.sql': DOUBLED, 'a.test.yaml': tests };
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
}

const call = async (...args: readonly string[]) => {
  const terminal = recordedTerminal(folder);
  return { exit: await run(args, terminal), out: terminal.stdout(), err: terminal.stderr() };
};

const habits = (tests: string): string => `kind: FeatureTest
feature_set: habits
given:
  visits:
    - { visitor: ann, day: 2020-01-01, spent: 0.1, known: 2020-01-01 10:00 }
    - { visitor: ann, day: 2020-01-02, spent: 0.2, known: 2020-01-02 10:00 }
tests:
${tests}`;

test('the tests of the examples pass', async () => {
  const terminal = recordedTerminal(process.cwd());
  const exit = await run(['features', 'test', 'configs/examples/credit'], terminal);
  assert.equal(exit, EXIT.ok, `${terminal.stdout()}${terminal.stderr()}`);
  assert.match(terminal.stdout(), /\n\d+ tests pass\n$/);
});

test('compares floats as float32, ignores the order of rows and columns that a row leaves out', async () => {
  await write(
    habits(`  - name: sum
    date: 2020-01-03
    given: { visits: [{ visitor: bob, day: 2020-01-01, spent: 'NaN', known: 2020-01-01T10:00:00Z }] }
    expect:
      - { visitor: bob, spent: 'NaN' }
      - { visitor: ann, spent: 0.3, visits: 2 }
  - name: params replace those of the set
    date: 2020-01-03
    params: { factor: 10 }
    expect: [{ visitor: ann, spent: 3.00000001 }]
  - name: a day of Taipei begins eight hours before the day in UTC
    date: 2020-01-02
    given: { visits: [{ visitor: ann, day: 2019-12-31, spent: 4, known: 2020-01-01 16:00 }] }
    expect: [{ visitor: ann, spent: 0.1 }]
  - name: nothing is known
    date: 2020-01-01
    expect: []
`),
  );
  const { exit, out, err } = await call('features', 'test');
  assert.equal(exit, EXIT.ok, `${out}${err}`);
  assert.match(out, /^ok {4}habits {2}2020-01-03 {2}sum\n/);
});

test('shows expected and got values, missing and unexpected rows, and fails', async () => {
  await write(
    habits(`  - name: wrong
    date: 2020-01-03
    expect:
      - { visitor: ann, spent: 0.4, visits: 2 }
      - { visitor: cyd }
  - name: all too few
    date: 2020-01-03
    expect: []
`),
  );
  const { exit, out, err } = await call('features', 'test', '.');
  assert.equal(exit, EXIT.failed);
  assert.equal(
    out,
    `FAIL  habits  2020-01-03  wrong
      visitor ann: spent: expected 0.4 | got 0.30000000000000004
      visitor cyd: missing row
FAIL  habits  2020-01-03  all too few
      visitor ann: unexpected row
`,
  );
  assert.match(err, /^FEATURE_TEST_FAILED: 2 of 2 tests fail\.\n {2}a\.test\.yaml:8:5: wrong\n/);
  const json = await call('features', 'test', '--json');
  const { tests } = JSON.parse(json.out);
  assert.deepEqual(tests[0].differences, [
    { entity: { visitor: 'ann' }, kind: 'value', column: 'spent', expected: 0.4, got: 0.30000000000000004 },
    { entity: { visitor: 'cyd' }, kind: 'missing row' },
  ]);
  assert.equal(JSON.parse(json.err).error.code, 'FEATURE_TEST_FAILED');
});

test('gives rows of sets, and computes a set that is not given', async () => {
  await write(`kind: FeatureTest
feature_set: doubled
tests:
  - name: from the rows of the set
    date: 2020-01-03
    given: { habits: [{ visitor: ann, spent: 4 }] }
    expect: [{ visitor: ann, twice: 8 }]
  - name: from the rows of its sources
    date: 2020-01-03
    given: { visits: [{ visitor: ann, day: 2020-01-01, spent: 3, known: 2020-01-01 10:00 }] }
    expect: [{ visitor: ann, twice: 6 }]
  - name: from a set without rows
    date: 2020-01-03
    given: { habits: [], visits: [{ visitor: ann, day: 2020-01-01, spent: 3, known: 2020-01-01 10:00 }] }
    expect: []
`);
  const { exit, out, err } = await call('features', 'test');
  assert.equal(exit, EXIT.ok, `${out}${err}`);
});

test('compares rows by all columns of an entity that has several', async () => {
  await write(`kind: FeatureTest
feature_set: days
given:
  visits:
    - { visitor: ann, day: 2020-01-01, spent: 3, known: 2020-01-01 10:00 }
    - { visitor: ann, day: 2020-01-02, spent: 4, known: 2020-01-01 11:00 }
tests:
  - name: a row for each visitor and day
    date: 2020-01-05
    expect:
      - { visitor: ann, day: 2020-01-02, spent: 4 }
      - { visitor: ann, day: 2020-01-01, spent: 3 }
  - name: another day
    date: 2020-01-05
    expect:
      - { visitor: ann, day: 2020-01-02, spent: 4 }
      - { visitor: ann, day: 2020-01-03, spent: 3 }
`);
  const days = CONFIGS.split('---\n')[1] ?? '';
  const own = days
    .replace('name: habits', 'name: days')
    .replace('entity: visitor', 'entity: [visitor, day]')
    .replace('habits.sql', 'days.sql')
    .replace('params: { factor: 1 }\n', '')
    .replace(/ {2}visits: .*\n/, '');
  await writeFile(join(folder, 'days.yaml'), own);
  await writeFile(join(folder, 'days.sql'), 'SELECT visitor, day, spent FROM {{ sources.visits }}');
  const { out } = await call('features', 'test');
  assert.equal(
    out,
    `ok    days  2020-01-05  a row for each visitor and day
FAIL  days  2020-01-05  another day
      visitor ann, day 2020-01-03: missing row
      visitor ann, day 2020-01-01: unexpected row
`,
  );
});

test('reads values of every type, and a query of nested columns', async () => {
  const given = `{ visitor: ann, day: 2020-01-01, paid: 12.50, tags: [a, null, b], counts: { x: 1, y: 2 }, about: { town: Oslo }, known: 2020-01-01 10:00 }`;
  await write(
    `kind: FeatureTest
feature_set: habits
tests:
  - name: nested
    date: 2020-01-03
    given: { visits: [${given}] }
    expect: [{ visitor: ann, spent: 17.5, visits: 1 }]
`,
    `SELECT visitor, CAST(SUM(paid + size(tags) + counts['y']) AS DOUBLE) AS spent, COUNT(*) AS visits
FROM {{ sources.visits }} GROUP BY visitor`,
  );
  const { exit, out, err } = await call('features', 'test');
  assert.equal(exit, EXIT.ok, `${out}${err}`);
});

test('expects errors by their codes, of the query and of its rows', async () => {
  const of = (code: string) => habits(`  - { name: fails, date: 2020-01-03, expect_error: ${code} }\n`);
  for (const [code, sql] of [
    ['SQL_INVALID', 'SELECT visitor, nothing AS spent, 1L AS visits FROM {{ sources.visits }}'],
    [
      'FEATURE_FROM_SENSITIVE',
      'SELECT visitor, 1.0D AS spent, COUNT(about) AS visits FROM {{ sources.visits }} GROUP BY 1',
    ],
    ['PARTITION_ENTITY_INVALID', 'SELECT visitor, spent, 1L AS visits FROM {{ sources.visits }}'],
    ['TEMPLATE_TOO_LONG', "{{ 'a' * 1000000000 }}"],
    ['PARTITION_COLUMNS_DIFFER', 'SELECT visitor FROM {{ sources.visits }}'],
  ] as const) {
    await write(of(code), sql);
    const { exit, out } = await call('features', 'test');
    assert.equal(exit, EXIT.ok, out);
  }
  await write(of('SQL_INVALID'));
  assert.match((await call('features', 'test')).out, /\n {6}expected SQL_INVALID \| got rows\n$/);
  await write(habits('  - { name: fails, date: 2020-01-03, expect: [] }\n'), 'SELECT visitor FROM nothing');
  assert.match((await call('features', 'test')).out, /\n {6}SQL_INVALID: .*\(habits\.sql:1:\d+\)\n$/);
  await write(habits('  - { name: far, date: 9999-12-31, expect_error: PARTITION_DATE_INVALID }\n'));
  assert.equal((await call('features', 'test')).exit, EXIT.ok);
});

const WRONG: readonly (readonly [text: string, problem: RegExp])[] = [
  [
    'kind: FeatureTest\nfeature_set: habit\ntests: [{ name: a, date: 2020-01-01, expect: [] }]',
    /a\.test\.yaml:2:14: CONFIG_UNKNOWN_NAME: .*did you mean habits\?/,
  ],
  [
    habits('  - { name: a, date: 2020-01-01 }'),
    /a\.test\.yaml:8:5: CONFIG_INVALID_VALUE: .*either expect or expect_error/,
  ],
  [habits('  - { name: a, date: 2020-01-32, expect: [] }'), /a\.test\.yaml:8:22: CONFIG_INVALID_VALUE: /],
  [
    habits('  - { name: a, dat: 2020-01-01, expect: [] }'),
    /a\.test\.yaml:8:16: CONFIG_UNKNOWN_KEY: .*did you mean date\?/,
  ],
  [
    habits('  - { name: a, date: 2020-01-01, params: { facto: 2 }, expect: [] }'),
    /a\.test\.yaml:8:44: CONFIG_UNKNOWN_NAME: .*did you mean factor\?/,
  ],
  [
    habits('  - { name: a, date: 2020-01-01, expect: [{ visitor: ann, spend: 1 }] }'),
    /CONFIG_UNKNOWN_COLUMN: .*feature set habits has no column spend.*did you mean spent\?/,
  ],
  [
    habits('  - { name: a, date: 2020-01-01, expect: [{ spent: 1 }] }'),
    /CONFIG_MISSING_KEY: .*the row has no visitor/,
  ],
  [
    habits('  - { name: a, date: 2020-01-01, given: { visits: [{ visitor: ann }] }, expect: [] }'),
    /CONFIG_MISSING_KEY: .*the row has no known, without which it is never seen/,
  ],
  [
    habits('  - { name: a, date: 2020-01-01, given: { visits: [{ known: yesterday }] }, expect: [] }'),
    /CONFIG_INVALID_VALUE: .*column known has type timestamp/,
  ],
  [
    habits(
      '  - { name: a, date: 2020-01-01, given: { visits: [{ known: 2020-01-01 10:00, day: 2020-02-30 }] }, expect: [] }',
    ),
    /CONFIG_INVALID_VALUE: .*column day has type date/,
  ],
  [
    habits(
      '  - { name: a, date: 2020-01-01, given: { visits: [{ known: 2020-01-01 10:00, visitor: 7 }] }, expect: [] }',
    ),
    /CONFIG_INVALID_VALUE: .*column visitor has type string/,
  ],
  [
    habits('  - { name: a, date: 2020-01-01, given: { visit: [] }, expect: [] }'),
    /CONFIG_UNKNOWN_NAME: .*no source and no feature set visit.*did you mean visits\?/,
  ],
  ['kind: Source\nname: x', /a\.test\.yaml:1:7: CONFIG_UNKNOWN_KIND: /],
  ['kind: [', /CONFIG_YAML/],
];

test('lists what is wrong in tests with its place, also in `validate`', async () => {
  for (const [text, problem] of WRONG) {
    await write(text);
    const tested = await call('features', 'test');
    assert.equal(tested.exit, EXIT.badInput, text);
    assert.match(tested.err, problem);
  }
  const terminal = recordedTerminal(folder);
  assert.equal(await run(['validate', folder], terminal), EXIT.badInput);
  assert.match(terminal.stderr(), /a\.test\.yaml:1:/);
});

test('says where tests are to be when there are none', async () => {
  await write('# nothing');
  const { exit, err } = await call('features', 'test');
  assert.equal(exit, EXIT.badInput);
  assert.match(err, /^CONFIG_EMPTY: .*\.test\.yaml/);
});

test('leaves files of tests out of what is planned and applied', async () => {
  await write(habits('  - { name: a, date: 2020-01-01, expect: [] }'));
  const files = await readConfigFolder(folder);
  assert.ok(!files.some(({ path }) => path.includes('.test.')));
  const { problems, declared } = loadConfigs([...files, ...(await readTestFiles(folder))]);
  assert.deepEqual([problems, declared.length], [[], 3]);
});
