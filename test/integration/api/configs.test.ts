import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { readConfigFolder } from '#configs/read-folder.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import { createConfigStore } from '#catalog/config-store.ts';
import { configRoutes } from '#api/routes/configs/routes.ts';
import { createRegistry } from '#registry/registry.ts';
import { freshStores } from '#test/support/stores.ts';
import { FILES as SHOP } from './fixtures/configs.ts';

const examples = new URL('../../../configs/examples/', import.meta.url);
const example = (folder: string) => readConfigFolder(new URL(folder, examples).pathname);

const TEAMS = [
  'collections',
  'core-banking',
  'fleet-data',
  'fleet-models',
  'maintenance',
  'risk-data',
  'risk-models',
  'shop',
];

type Files = Awaited<ReturnType<typeof example>>;

function edited(files: Files, from: string, to: string): Files {
  return files.map(({ path, text }) => ({ path, text: text.replaceAll(from, to) }));
}

interface Wanted {
  readonly feature_set: string;
  readonly definition_digest: string;
  readonly count: number;
  readonly bytes: number | null;
  readonly first: string;
  readonly last: string;
  readonly because: string;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function routes() {
  const stores = await freshStores();
  const { objects, table } = stores;
  const partitions = createPartitionStore(table, objects);
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('principal', {
    getter: () => ({ name: 'ada', roles: ['scientist' as const], teams: TEAMS }),
  });
  app.setErrorHandler((error, _, reply) => {
    if (!(error instanceof MillraceError)) throw error;
    return reply.code(error.status).send({ code: error.code, ...error.details });
  });
  await app.register(configRoutes, {
    configs: createConfigStore(table, objects),
    registry: createRegistry(table, objects),
    partitions,
    now: () => new Date('2026-11-24T00:00:00.000Z'),
  });
  return {
    objects,
    partitions,
    async get(url: string): Promise<Answer> {
      const answer = await app.inject({ method: 'GET', url });
      return { status: answer.statusCode, body: answer.json() };
    },
    async post(url: string, payload: object): Promise<Answer> {
      const answer = await app.inject({ method: 'POST', url, payload });
      return { status: answer.statusCode, body: answer.json() };
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await stores[Symbol.asyncDispose]();
    },
  };
}

test('plan, apply and read back; a plan after that is empty, and the challenger retrains one model', async () => {
  await using api = await routes();
  const files = await example('credit');
  const plan = await api.post('/v1/configs/plan', { files });
  assert.equal(plan.status, 200, JSON.stringify(plan.body));
  const [wanted] = plan.body.partitions as Wanted[];
  assert.deepEqual(
    { ...wanted, definition_digest: '' },
    {
      feature_set: 'repayment_behaviour',
      definition_digest: '',
      count: 6,
      bytes: null,
      first: '2005-05-01',
      last: '2005-10-01',
      because: 'new',
    },
  );

  const apply = { files, plan_digest: plan.body.plan_digest };
  const done = await api.post('/v1/configs/apply', apply);
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.equal((done.body.created as string[]).length, 5);
  assert.deepEqual((await api.post('/v1/configs/apply', apply)).body, done.body);

  const again = await api.post('/v1/configs/plan', { files });
  assert.deepEqual(
    [again.body.partitions, again.body.models, (again.body.documents as { changed: [] }).changed],
    [[], [], []],
  );
  const challenger = await api.post('/v1/configs/plan', { files: await example('credit-challenger') });
  assert.deepEqual(challenger.body.models, [
    { model: 'default_risk', feature_set: 'repayment_behaviour', because: 'training inputs changed' },
  ]);

  const list = await api.get('/v1/configs');
  assert.equal((list.body.items as unknown[]).length, 5);
  const one = await api.get('/v1/configs/FeatureSet/repayment_behaviour');
  assert.equal(one.body.author, 'ada');
  assert.match((one.body.document as { sql_text: string }).sql_text, /SELECT/);
  assert.equal(((await api.get('/v1/configs/revisions')).body.items as unknown[]).length, 1);
  assert.deepEqual((await api.get('/v1/configs/Model/nobody')).body, { code: 'CONFIG_NOT_FOUND' });
});

test('a plan does not count partitions that are committed under the definition it would bring', async () => {
  await using api = await routes();
  const files = await example('credit');
  const partitions = async () =>
    (await api.post('/v1/configs/plan', { files })).body.partitions as readonly Wanted[];
  const [wanted] = await partitions();
  const definition_digest = wanted?.definition_digest ?? '';
  for (const dt of ['2005-05-01', '2005-07-01']) {
    const { key, size, sha256 } = await api.objects.put(`features/${dt}.parquet`, dt);
    await api.partitions.commit({
      feature_set: 'repayment_behaviour',
      definition_digest,
      dt,
      revision: 1,
      parts: [{ key, size, sha256, rows: 1 }],
      rows: 1,
      schema: [],
      inputs: [],
      checks: [],
      statistics: [],
      lineage: [],
      engine: 'duckdb',
      built_by: { workflow_id: 'w', run_id: 'r' },
      built_at: '2026-11-24T00:00:00.000Z',
      build_seconds: dt === '2005-05-01' ? 2 : 4,
    });
  }
  const [left] = await partitions();
  assert.deepEqual([left?.count, left?.first, left?.last], [4, '2005-06-01', '2005-10-01']);
  // Each of the two holds its date as text.
  assert.equal(left?.bytes, 4 * '2005-05-01'.length);
  const { estimate, owners } = (await api.post('/v1/configs/plan', { files })).body;
  assert.deepEqual(estimate, {
    seconds: 12,
    past_runs: 2,
    unknown: ['training of default_risk/repayment_behaviour'],
  });
  assert.ok((owners as { team: string }[]).some(({ team }) => team === 'risk-models'));
});

test('a wrong config is refused with every problem at its place, and nothing is written', async () => {
  await using api = await routes();
  const files = (await example('credit')).map(({ path, text }) => ({
    path,
    text: text.replace('seed: 7', 'sed: 7').replace('[customers, statements]', '[customer, statements]'),
  }));
  const { plan_digest } = (await api.post('/v1/configs/plan', { files: await example('credit') })).body;
  for (const answer of [
    await api.post('/v1/configs/plan', { files }),
    await api.post('/v1/configs/apply', { files, plan_digest }),
  ]) {
    assert.equal(answer.status, 422);
    const problems = answer.body.problems as { code: string; suggestion: string; line: number }[];
    assert.deepEqual(
      problems.map(({ code, suggestion }) => [code, suggestion]),
      [
        ['CONFIG_UNKNOWN_KEY', 'seed'],
        ['CONFIG_UNKNOWN_NAME', 'customers'],
      ],
    );
  }
  assert.deepEqual((await api.get('/v1/configs')).body.items, []);
});

test('a plan is applied although others applied unrelated documents since, and is stale once one that it reads moved', async () => {
  await using api = await routes();
  const plan = async (files: Files) => (await api.post('/v1/configs/plan', { files })).body.plan_digest;
  const [credit, machines] = [await example('credit'), await example('machines')];
  const [creditPlan, machinesPlan] = [await plan(credit), await plan(machines)];
  const done = await api.post('/v1/configs/apply', { files: machines, plan_digest: machinesPlan });
  assert.equal(done.body.revision, 1);
  const second = await api.post('/v1/configs/apply', { files: credit, plan_digest: creditPlan });
  assert.deepEqual([second.status, second.body.revision], [200, 2], JSON.stringify(second.body));

  const challenger = await example('credit-challenger');
  const late = await plan(challenger);
  const source = edited(credit, 'location: raw/', 'location: raw/newer/');
  await api.post('/v1/configs/apply', { files: source, plan_digest: await plan(source) });
  const stale = await api.post('/v1/configs/apply', { files: challenger, plan_digest: late });
  assert.deepEqual([stale.status, stale.body.code], [409, 'PLAN_STALE']);
  const moved = stale.body.moved as { document: string; principal: string; revision: number }[];
  assert.ok(moved.length > 0);
  for (const { document, principal, revision } of moved)
    assert.deepEqual([document.split('/')[0], principal, revision], ['Source', 'ada', 3]);
});

test('an apply is refused if its files or its revision are not those of a plan', async () => {
  await using api = await routes();
  const files = await example('credit');
  const { plan_digest } = (await api.post('/v1/configs/plan', { files })).body as { plan_digest: string };
  const other = edited(files, 'seed: 7', 'seed: 8');
  const refusals = [
    [{ files: other, plan_digest }, 'PLAN_FILES_CHANGED'],
    [{ files, plan_digest: `0-${'0'.repeat(32)}` }, 'PLAN_FILES_CHANGED'],
    [{ files, plan_digest: `7${plan_digest}` }, 'PLAN_STALE'],
  ] as const;
  for (const [body, code] of refusals) {
    const answer = await api.post('/v1/configs/apply', body);
    assert.deepEqual([answer.status, answer.body.code], [409, code]);
  }
  assert.deepEqual((await api.get('/v1/configs')).body.items, []);
  assert.deepEqual((await api.post('/v1/configs/plan', { files: [{ path: 'a.sql', text: '' }] })).body, {
    code: 'CONFIG_EMPTY',
  });
});

test('what is valid with the planned configs and invalid with the current ones is refused', async () => {
  await using api = await routes();
  const plan = async (files: Files) => (await api.post('/v1/configs/plan', { files })).body.plan_digest;
  const apply = async (files: Files, plan_digest: unknown) =>
    api.post('/v1/configs/apply', { files, plan_digest });
  const [yaml = { path: '', text: '' }, ...sql] = SHOP;
  const [sourceText = '', setText = ''] = yaml.text.split('---');
  const source = [{ path: 'source.yaml', text: sourceText }];
  await apply(source, await plan(source));
  const without = edited(source, 'spent: double, ', '');
  const dropping = await plan(without);
  // A reader of the column comes in between; the source itself does not move.
  const reader = [{ path: 'set.yaml', text: setText }, ...sql];
  assert.equal((await apply(reader, await plan(reader))).status, 200);
  const refused = await apply(without, dropping);
  assert.deepEqual([refused.status, refused.body.code], [422, 'CONFIG_INVALID'], JSON.stringify(refused));
  assert.equal((await api.get('/v1/configs')).body.revision, 2);
});

test('answers other requests while it refuses a template of a gigabyte', async () => {
  await using api = await routes();
  const files = (await example('credit')).map((file) =>
    file.path.endsWith('.sql') && !file.path.includes('macros')
      ? { ...file, text: "{% set a = 'a' * 100000000 %}{{ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a }}" }
      : file,
  );
  const refused = new AbortController();
  const planned = api.post('/v1/configs/plan', { files }).finally(() => refused.abort());
  let answered = 0;
  let slowest = 0;
  while (!refused.signal.aborted) {
    const from = performance.now();
    assert.equal((await api.get('/v1/configs')).status, 200);
    slowest = Math.max(slowest, performance.now() - from);
    answered += 1;
  }
  const { status, body } = await planned;
  const [problem] = body.problems as { code: string; message: string }[];
  assert.deepEqual([status, body.code, problem?.code], [422, 'CONFIG_INVALID', 'TEMPLATE_TOO_LONG']);
  assert.ok(answered > 10, `${answered} requests`);
  assert.ok(slowest < 2_000, `one took ${slowest} ms`);
});
