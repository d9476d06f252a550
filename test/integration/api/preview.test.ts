import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { createConfigStore } from '#catalog/config-store.ts';
import { featureSetNamed } from '#catalog/feature-configs.ts';
import { run } from '#cli/run.ts';
import type { ConfigFile } from '#configs/load.ts';
import { definitionDigest } from '#features/definition.ts';
import { createDuckDbEngine } from '#features/engines/duckdb/duckdb-engine.ts';
import { materialisePartition } from '#features/partitions/materialise.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import { recordedTerminal } from '#test/support/recorded-terminal.ts';
import { putParquet } from '#test/support/parquet.ts';
import { applyConfigs, FILES } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

const CANARY = 'visitor-who-must-not-be-named';
const visits = `SELECT * FROM (VALUES
  ('ann', DATE '2020-01-10', 7.5::DOUBLE, 1, DATE '2020-01-11'),
  ('ann', DATE '2020-01-10', 9, 1, DATE '2020-02-01'),
  ('bob', DATE '2020-01-12', 'NaN', 0, DATE '2020-01-12'),
  ('cyd', DATE '2020-01-13', 3, 0, DATE '2020-01-14')) AS t(visitor, day, spent, bought, known)`;

let running: RunningApp;
let stranger: string;

before(async () => {
  running = await runningApp();
  const { deps, keys } = running;
  await applyConfigs(deps.table, deps.objects);
  await putParquet(deps.objects, 'raw/visits/a.parquet', visits);
  await putParquet(
    deps.objects,
    'raw/many/a.parquet',
    `SELECT range AS id, '${CANARY}' AS name, DATE '2020-01-01' AS known FROM range(1000000)`,
  );
  const other = await keys.create({ name: 'eve', roles: ['scientist'], teams: ['eves'], createdBy: 'test' });
  stranger = other.text;
});
after(() => running[Symbol.asyncDispose]());

interface Answer {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly code: string; readonly where?: string }[];
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly more: boolean;
}

async function preview(body: object, set = 'habits', key = running.keyOf.scientist) {
  const response = await running.app.inject({
    method: 'POST',
    url: `/v1/feature-sets/${set}/preview`,
    headers: { authorization: `Bearer ${key}` },
    payload: body,
  });
  return { status: response.statusCode, text: response.body, answer: response.json<Answer>() };
}

async function refusal(body: object, set?: string, key?: string): Promise<string> {
  const { status, answer } = await preview(body, set, key);
  return `${status} ${answer.code}`;
}

const set = (name: string, sql: string, more = ''): ConfigFile[] => [
  {
    path: `${name}.yaml`,
    text: `kind: FeatureSet
name: ${name}
owner: shop
entity: id
sources: [many]
partition: { grain: month, start: 2020-01-01, max_staleness: 35d }
sql: ${name}.sql
features: { n: { type: bigint, description: n } }
${more}`,
  },
  { path: `${name}.sql`, text: sql },
];
const many = (more = ''): ConfigFile => ({
  path: 'many.yaml',
  text: `kind: Source
name: many
owner: shop
location: raw/many/
keys: [id]
known_time: known
columns: { id: bigint, name: string, known: date }
${more}`,
});
/** Takes no memory, and hours. */
const SLOW =
  'SELECT MAX(a.id) AS id, SUM(a.id * b.id % 7) AS n FROM {{ sources.many }} AS a CROSS JOIN {{ sources.many }} AS b';
const CROSS_JOIN =
  'SELECT a.id, COUNT(DISTINCT a.id * 1000003 + b.id) AS n FROM {{ sources.many }} AS a CROSS JOIN {{ sources.many }} AS b GROUP BY a.id';

test('shows the rows that a build of the date would give, and leaves nothing in the store', async () => {
  const { objects } = running.deps;
  await preview({ dt: '2020-02-01' });
  const keys = async () => {
    const found: string[] = [];
    for await (const { key, etag } of objects.list('')) found.push(`${key} ${etag}`);
    return found;
  };
  const before = await keys();
  const { status, answer } = await preview({ dt: '2020-02-01', limit: 2 });
  assert.deepEqual(
    [status, answer],
    [
      200,
      {
        feature_set: 'habits',
        dt: '2020-02-01',
        columns: [
          { name: 'visitor', type: 'string' },
          { name: 'spent', type: 'double' },
        ],
        rows: [
          ['ann', 7.5],
          ['bob', 'NaN'],
        ],
        more: true,
      },
    ],
  );
  assert.deepEqual((await preview({ dt: '2020-03-01' })).answer.rows[0], ['ann', 9]);
  assert.deepEqual((await preview({ dt: '2020-01-01' })).answer.rows, []);
  assert.deepEqual(await keys(), before);
  assert.equal((await createConfigStore(running.deps.table, objects).current()).revision, 1);
});

test('previews edited files before they are applied, after the checks of a plan', async () => {
  const [yaml] = FILES;
  assert.ok(yaml !== undefined);
  const edited = (sql: string) => ({ dt: '2020-02-01', files: [yaml, { path: 'habits.sql', text: sql }] });
  const good =
    'SELECT visitor, MAX(spent) * 2 AS spent FROM {{ sources.visits }} WHERE bought = 1 GROUP BY 1';
  assert.deepEqual((await preview(edited(good))).answer.rows, [['ann', 15]]);
  for (const [sql, code] of [
    ["{{ 'a' * 1000000000 }}", 'TEMPLATE_TOO_LONG'],
    ['SELECT visitor, nothing AS spent FROM {{ sources.visits }}', 'SQL_INVALID'],
    ["SELECT visitor, reflect('a', 'b') AS spent FROM {{ sources.visits }}", 'SQL_INVALID'],
  ] as const) {
    const { status, answer } = await preview(edited(sql));
    assert.deepEqual([status, answer.code, answer.errors?.[0]?.code], [422, 'CONFIG_INVALID', code]);
  }
  assert.deepEqual((await preview({ dt: '2020-02-01', limit: 1 })).answer.rows, [['ann', 7.5]]);
});

test('computes a set that another one reads when it has no partition', async () => {
  const above = {
    path: 'above.yaml',
    text: `kind: FeatureSet
name: above
owner: shop
entity: visitor
feature_sets: [habits]
partition: { grain: day, start: 2020-01-01, max_staleness: 3d }
sql: above.sql
features: { twice: { type: double, description: twice } }
`,
  };
  const sql = "SELECT visitor, spent * 2 AS twice FROM {{ features.habits }} WHERE visitor <> 'bob'";
  const files = [...FILES, above, { path: 'above.sql', text: sql }];
  const { answer } = await preview({ dt: '2020-02-10', files }, 'above');
  assert.deepEqual(answer.rows, [
    ['ann', 15],
    ['cyd', 6],
  ]);
});

test('shows no entity that is sensitive, and no sensitive column', async () => {
  const files = [
    many('sensitive: [id, name]'),
    ...set('few', 'SELECT id, COUNT(*) AS n FROM {{ sources.many }} GROUP BY id'),
  ];
  const { status, answer, text } = await preview({ dt: '2020-02-01', limit: 1, files }, 'few');
  assert.deepEqual([status, answer.columns, answer.rows], [200, [{ name: 'n', type: 'bigint' }], [['1']]]);
  assert.ok(!text.includes(CANARY));
  const named = [
    many('sensitive: [name]'),
    ...set('few', 'SELECT id, COUNT(name) AS n FROM {{ sources.many }} GROUP BY id'),
  ];
  assert.equal(await refusal({ dt: '2020-02-01', files: named }, 'few'), '422 CONFIG_INVALID');
});

test('rejects authors of other teams, and files that they could not apply', async () => {
  const dt = '2020-02-01';
  assert.equal(await refusal({ dt }, 'habits', stranger), '403 TEAM_NOT_ALLOWED');
  assert.equal(await refusal({ dt }, 'habits', running.keyOf.viewer), '403 FORBIDDEN');
  assert.equal(await refusal({ dt, files: FILES }, 'habits', stranger), '403 TEAM_NOT_ALLOWED');
  const theft = [
    many()
      .text.replace('owner: shop', 'owner: eves')
      .replace('raw/many/', 'raw/visits/')
      .replace('name: many', 'name: loot'),
    `kind: FeatureSet
name: stolen
owner: eves
entity: id
sources: [loot]
partition: { grain: month, start: 2020-01-01, max_staleness: 35d }
sql: stolen.sql
features: { n: { type: bigint, description: n } }
`,
  ];
  const files = [
    { path: 'stolen.yaml', text: theft.join('---\n') },
    { path: 'stolen.sql', text: 'SELECT id, COUNT(*) AS n FROM {{ sources.loot }} GROUP BY id' },
  ];
  const { status, answer } = await preview({ dt, files }, 'stolen', stranger);
  assert.deepEqual([status, answer.code], [403, 'TEAM_NOT_ALLOWED'], JSON.stringify(answer));
  const restricted = FILES.map(({ path, text }) => ({
    path,
    text: text.replace('name: visits', 'name: visits\nread: team'),
  }));
  await applyConfigs(running.deps.table, running.deps.objects, restricted);
  assert.equal(await refusal({ dt }, 'habits', stranger), '403 TEAM_NOT_ALLOWED');
  assert.equal((await preview({ dt })).status, 200);
  const reading = [
    {
      path: 'mine.yaml',
      text: `kind: FeatureSet
name: mine
owner: eves
entity: visitor
sources: [visits]
partition: { grain: month, start: 2020-01-01, max_staleness: 35d }
sql: mine.sql
features: { spent: { type: double, description: spent } }
`,
    },
    { path: 'mine.sql', text: 'SELECT visitor, SUM(spent) AS spent FROM {{ sources.visits }} GROUP BY 1' },
  ];
  assert.equal(await refusal({ dt, files: reading }, 'mine', stranger), '403 TEAM_NOT_ALLOWED');
});

test('rejects numbers of rows and dates that cannot be', async () => {
  for (const limit of [0, -1, 1e9, 101, 1.5, '20', null])
    assert.equal(await refusal({ dt: '2020-02-01', limit }), '400 REQUEST_INVALID', String(limit));
  for (const [dt, expected] of [
    ['9999-12-31', '422 DATE_IN_FUTURE'],
    ['2020-02-02', '422 PARTITION_DATE_INVALID'],
    ['2019-12-01', '422 PARTITION_DATE_INVALID'],
    ['2020-02-30', '400 REQUEST_INVALID'],
  ] as const)
    assert.equal(await refusal({ dt }), expected, dt);
  assert.equal(await refusal({ dt: '2020-02-01' }, 'nothing'), '404 FEATURE_SET_UNKNOWN');
});

test('stops a cross join at a limit that the error names, and goes on with the next preview', async () => {
  const files = [many(), ...set('crossed', CROSS_JOIN)];
  const { status, answer, text } = await preview({ dt: '2020-02-01', files }, 'crossed');
  assert.deepEqual([status, answer.code], [422, 'PREVIEW_TOO_LARGE']);
  assert.match(answer.detail ?? '', /needs more than (25 seconds|512MB of memory( and 1GB of disk)?)\.$/);
  assert.ok(!text.includes(CANARY));
  assert.equal((await preview({ dt: '2020-02-01' })).status, 200);
});

test('cuts long texts, and answers two previews at once', async () => {
  const text = many().text.replace('name: many', 'name: many2').replace('raw/many/', 'raw/many2/');
  await putParquet(
    running.deps.objects,
    'raw/many2/a.parquet',
    "SELECT 1::BIGINT AS id, repeat('é', 10000) AS name, DATE '2020-01-01' AS known",
  );
  const long = set('long', 'SELECT id, CONCAT(name, name) AS t FROM {{ sources.many2 }}').map((file) => ({
    ...file,
    text: file.text.replace('[many]', '[many2]').replace('n: { type: bigint', 't: { type: string'),
  }));
  const body = { dt: '2020-02-01', files: [{ path: 'many2.yaml', text }, ...long] };
  const [one, two] = await Promise.all([preview(body, 'long'), preview({ dt: '2020-02-01' })]);
  assert.deepEqual(one.answer.rows, [['1', `${'é'.repeat(199)}…`]], one.text);
  assert.equal(two.answer.rows.length, 3);
});

test('the commands show a preview, and the checks of a committed partition', async () => {
  const { deps } = running;
  const url = await running.app.listen({ host: '127.0.0.1', port: 0 });
  const folder = await mkdtemp(join(tmpdir(), 'millrace-preview-'));
  const call = async (...args: readonly string[]) => {
    const key = running.keyOf.scientist;
    const terminal = recordedTerminal(folder, { MILLRACE_API_URL: url, MILLRACE_API_KEY: key });
    return {
      exit: await run(['features', ...args], terminal),
      out: terminal.stdout(),
      err: terminal.stderr(),
    };
  };
  const shown = await call('preview', 'habits', '--date', '2020-02-01', '--limit', '2');
  assert.equal(
    shown.out,
    'visitor  spent\nann      7.5000\nbob      NaN\nthere are more rows; these are the first 2\n',
  );
  for (const { path, text } of [...FILES, many()])
    await writeFile(join(folder, path), text.replace('SUM(spent)', 'MAX(spent) * 2'));
  const edited = await call('preview', 'habits', '--date', '2020-03-01', '--dir', folder, '--json');
  assert.deepEqual(JSON.parse(edited.out).rows[0], ['ann', 18]);

  const partitions = createPartitionStore(deps.table, deps.objects);
  const engine = createDuckDbEngine({ env: deps.environment, objects: deps.objects, folder });
  const { configs } = await createConfigStore(deps.table, deps.objects).current();
  const habits = featureSetNamed(configs, 'habits');
  const definition_digest = definitionDigest(habits, configs);
  const ref = { feature_set: 'habits', definition_digest, dt: '2020-02-01', revision: 1 };
  const builtBy = { workflow_id: 'w', run_id: 'r' };
  const built = { ref, configs, builtBy, attempt: 'test' };
  await partitions.commit(await materialisePartition({ engine, objects: deps.objects, partitions }, built));
  const checks = '\nchecks: [{ expect_column_values_to_not_be_null: { column: spent } }]';
  const checked = FILES.map(({ path, text }) => ({
    path,
    text: text.replace('sql: habits.sql', `sql: habits.sql${checks}`),
  }));
  await applyConfigs(deps.table, deps.objects, checked);
  const failing = await call('check', 'habits', '2020-02-01');
  assert.match(failing.err, /^CHECK_FAILED: 1 of 1 checks of "habits" fail\.\n/);
  await rm(folder, { recursive: true });
});

test('ends the work of a caller that goes away', async () => {
  const { port } = running.app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${running.keyOf.scientist}`, 'content-type': 'application/json' };
  const gone = new AbortController();
  const files = [many(), ...set('crossed', SLOW)];
  const asked = fetch(`${url}/v1/feature-sets/crossed/preview`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ dt: '2020-02-01', files }),
    signal: gone.signal,
  });
  await sleep(3_000);
  gone.abort();
  await assert.rejects(asked, { name: 'AbortError' });
  const from = performance.now();
  assert.equal((await preview({ dt: '2020-02-01' })).status, 200);
  assert.ok(
    performance.now() - from < 10_000,
    'the next preview does not wait for the end of the cross join',
  );
});
