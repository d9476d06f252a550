import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { answer, type Client } from '#client/client.ts';
import { loadConfigs } from '#configs/load.ts';
import type { ConfigFile } from '#configs/problem.ts';
import { readConfigFolder } from '#configs/read-folder.ts';
import { ROOT } from '#local/tools.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { poll, resultOf, stillFine } from '#scripts/demo/runs.ts';
import {
  closureModel,
  closures,
  customers,
  HOSTILE,
  holdings,
  people,
  positions,
  rowsSql,
} from '../support/holdings.ts';
import { putParquet, readParquet } from '../support/parquet.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const AS_OF = '2024-04-01';
const KNOWN = '2023-12-15';
const pair = { model: closureModel.name, set: positions.name };
const ACCOUNTS = Array.from({ length: 150 }, (_, index) => `account ${index}`);
/** Tuples that look alike, and enough ordinary ones to train on. */
const tuples = [
  ...HOSTILE,
  ...ACCOUNTS.flatMap((account) => ['card', 'loan'].map((of) => [account, of] as const)),
];
const balanceOf = (index: number): number => (index * 37) % 100;

/** JSON is YAML. The texts of the card are those of an example. */
async function files(): Promise<ConfigFile[]> {
  const { documents: example } = loadConfigs(await readConfigFolder(join(ROOT, 'configs/examples/machines')));
  const [{ card } = closureModel] = example.models.values();
  const sets = [people, positions].map(({ sql_text, macro_texts: _none, ...set }) => ({
    set: { ...set, sql: `${set.name}.sql` },
    sql_text,
  }));
  const documents = [holdings, customers, closures, ...sets.map(({ set }) => set), { ...closureModel, card }];
  return [
    ...documents.map((document) => ({
      path: `${document.kind}-${document.name}.yaml`,
      text: JSON.stringify(document),
    })),
    ...sets.map(({ set, sql_text }) => ({ path: set.sql, text: sql_text })),
  ];
}

async function putRaw(platform: TestPlatform): Promise<void> {
  await using objects = createS3ObjectStore(platform.env);
  const put = async (table: string, columns: readonly string[], rows: Parameters<typeof rowsSql>[1]) =>
    void (await putParquet(objects, `raw/${table}/all.parquet`, rowsSql(columns, rows)));
  await put(
    'holdings',
    ['account', 'product', 'balance', 'loaded_at'],
    tuples.map(([account, product], index) => [account, product, balanceOf(index) + 0.5, KNOWN]),
  );
  await put(
    'customers',
    ['account', 'sex', 'age', 'loaded_at'],
    [...new Set(tuples.map(([account]) => account))].map((account, index) => [
      account,
      index % 2 === 0 ? 'f' : 'm',
      20 + (index % 50),
      KNOWN,
    ]),
  );
  await put(
    'closures',
    ['account', 'product', 'closed_on', 'closed', 'loaded_at'],
    tuples.flatMap(([account, product], index) =>
      ['2024-02', '2024-03'].flatMap((month, nth) =>
        balanceOf(index) > 60 !== (index + nth) % 6 < 1
          ? [[account, product, `${month}-10`, 1, `${month}-11`] as const]
          : [],
      ),
    ),
  );
}

async function scoresOf(client: Client, platform: TestPlatform): Promise<readonly Record<string, unknown>[]> {
  const manifest = await answer(
    client.GET('/v1/pairs/{model}/{set}/scores/{score_date}', {
      params: { path: { ...pair, score_date: AS_OF } },
    }),
  );
  assert.deepEqual(manifest.schema.slice(0, 3), [
    { name: 'account', type: 'string' },
    { name: 'product', type: 'string' },
    { name: 'score_date', type: 'date' },
  ]);
  await using objects = createS3ObjectStore(platform.env);
  const [part] = manifest.parts;
  const path = join(platform.home.home, 'scores.parquet');
  await objects.getFile(part?.key ?? '', path);
  return (await readParquet(path, 'account, product, probability')) as Record<string, unknown>[];
}

test(
  'a model of an entity of several columns lives from raw data to scores',
  { timeout: 180_000 },
  async (t) => {
    await using platform = await startTestPlatform(75);
    const author = await platform.as('ada', ['scientist', 'operator'], ['core']);
    const approver = await platform.as('noor', ['approver'], ['core']);
    await putRaw(platform);
    const body = { files: await files() };
    const { plan_digest } = await answer(author.POST('/v1/configs/plan', { body }));
    await answer(author.POST('/v1/configs/apply', { body: { ...body, plan_digest } }));

    const first = { params: { path: { ...pair, version: 1 } } };
    const readFirst = () => answer(author.GET('/v1/pairs/{model}/{set}/versions/{version}', first));
    const life = await answer(
      author.POST('/v1/models/{model}/lifecycles', {
        params: { path: { model: pair.model } },
        body: { as_of: AS_OF },
      }),
    );
    const version = await poll(
      () => readFirst().catch(() => undefined),
      (found) => found !== undefined,
      async () => void (await stillFine(author, life.workflow_id)),
    );

    await t.test('it learns from the labels of whole tuples, and holds out whole tuples', () => {
      assert.ok((version?.metrics['auc'] ?? 0) > 0.7, `AUC ${String(version?.metrics['auc'])}`);
      const { train = 0, test: held = 0 } = version?.rows ?? {};
      assert.equal(train + held, 2 * tuples.length);
      assert.equal(held % 2, 0);
    });

    await t.test('the set by account that it joins was built for both of its dates', async () => {
      const { items } = await answer(
        author.GET('/v1/feature-sets/{set}/partitions', { params: { path: { set: people.name } } }),
      );
      assert.deepEqual(
        items.map(({ dt }) => dt),
        ['2024-02-01', '2024-03-01'],
      );
    });

    await answer(
      approver.POST('/v1/pairs/{model}/{set}/versions/{version}/approve', {
        ...first,
        body: { reason: 'Good enough for offers.', evidence: version?.evidence ?? '' },
      }),
    );
    await resultOf(author, life);
    assert.equal((await readFirst()).stage, 'live');

    await t.test('each tuple has its own score, under the names of its columns', async () => {
      const ask = { params: { path: pair }, body: { score_date: AS_OF } };
      const run = await answer(author.POST('/v1/pairs/{model}/{set}/scores', ask));
      await resultOf(author, run);
      const rows = await scoresOf(author, platform);
      assert.equal(rows.length, tuples.length);
      const ofTuple = (account: string, product: string) =>
        rows.filter((row) => row['account'] === account && row['product'] === product);
      for (const [account, product] of HOSTILE) assert.equal(ofTuple(account, product).length, 1);
      const [[low], [high]] = [ofTuple('a', 'b,c'), ofTuple('größe', '日本 🐢')];
      assert.ok(Number(high?.['probability']) > Number(low?.['probability']));
    });
  },
);
