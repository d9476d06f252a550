import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createRegistry } from '#registry/registry.ts';
import { approvedVersion, deploymentOf, trainedVersion } from '#test/support/registry.ts';
import { applyConfigs, PAIR } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

/** Reads that answer with an array although they list nothing page by page, and why. */
const PARTS_OF_ONE: Readonly<Record<string, string>> = {
  '/readyz': 'the checks of one process',
  '/v1/dag-specs': 'the Airflow loader needs all specs of one ETag, which come from one stored object',
  '/v1/feature-sets/{set}/lineage': 'the columns of one definition',
  '/v1/feature-sets/{set}/partitions/{dt}': 'one manifest',
  '/v1/feature-sets/{set}/partitions/{dt}/checks': 'the checks of one set',
  '/v1/feature-sets/{set}/partitions/{dt}/r/{revision}': 'one manifest',
  '/v1/feature-sets/{set}/query': 'the columns and relations of one query',
  '/v1/pairs/{model}/{set}': 'the state of one pair: at most 50 deployments are scheduled',
  '/v1/pairs/{model}/{set}/aliases/{alias}': 'one version',
  '/v1/pairs/{model}/{set}/dossier/verify': 'the problems of one page of entries; it has `next` too',
  '/v1/pairs/{model}/{set}/scores/{score_date}': 'one manifest',
  '/v1/pairs/{model}/{set}/versions/{version}': 'one version',
  '/v1/source-drafts': 'the columns of one table',
  '/v1/workers': 'the queues and workers of one moment',
  '/v1/workflows/{*}': 'the steps of one workflow',
};

/** Arrays beside the items of a page, and why they are short. */
const BESIDE_ITEMS: Readonly<Record<string, readonly string[]>> = {
  // At most 50 deployments of a pair are scheduled.
  '/v1/pairs/{model}/{set}/history': ['scheduled'],
};

const PARTS: Readonly<Record<string, string>> = { model: PAIR.model, set: PAIR.feature_set };

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

let running: RunningApp;
let reads: readonly (readonly [path: string, operation: Operation, answer: Schema])[];

before(async () => {
  running = await runningApp();
  const { table, objects } = running.deps;
  await applyConfigs(table, objects);
  await fillPair();
  const { paths, components } = (await running.app.inject('/openapi.json')).json();
  const resolved = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : components.schemas[schema.$ref.split('/').at(-1) ?? ''];
  reads = Object.entries<{ get?: Operation }>(paths).flatMap(([path, { get }]) => {
    const schema = get?.responses['200']?.content?.['application/json']?.schema;
    return get === undefined || schema === undefined ? [] : [[path, get, resolved(schema)] as const];
  });
});
after(() => running[Symbol.asyncDispose]());

/** Two of everything that a pair lists. */
async function fillPair(): Promise<void> {
  const { table, objects } = running.deps;
  const registry = createRegistry(table, objects);
  for (const deployment of [1, 2]) {
    const version = await approvedVersion(registry, objects, PAIR);
    const due = new Date(Date.now() - 1_000).toISOString();
    await registry.schedule(deploymentOf(PAIR, deployment, version, due));
    await registry.promote({ pair: PAIR, deployment, dueBy: due, commandId: randomUUID() });
    const alias = { pair: PAIR, name: `alias_${version}`, version, expected: 'absent' } as const;
    await registry.setAlias({ ...alias, principal: 'ann', commandId: randomUUID() });
  }
  const other = { model: 'other', feature_set: PAIR.feature_set };
  await registry.registerVersion(await trainedVersion(objects, other));
}

const listings = () =>
  reads.filter(([, , { properties = {} }]) => properties['items']?.type === 'array').map(([path]) => path);

const urlOf = (path: string) => path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => PARTS[name] ?? 'x');

const ask = (url: string) => running.ask('admin', { url });

test('every read whose answer is a list answers items and next, and takes limit and after', () => {
  const unlisted: string[] = [];
  for (const [path, { parameters = [] }, { type, properties = {}, required = [] }] of reads) {
    assert.notEqual(type, 'array', path);
    const arrays = Object.keys(properties).filter((name) => properties[name]?.type === 'array');
    if (!arrays.includes('items')) {
      if (arrays.length > 0) unlisted.push(path);
      continue;
    }
    assert.deepEqual(arrays, ['items', ...(BESIDE_ITEMS[path] ?? [])], path);
    assert.equal(properties['next']?.type, 'string', path);
    assert.ok(required.includes('items') && !required.includes('next'), path);
    const query = (name: string) =>
      parameters.find((one) => one.in === 'query' && one.name === name)?.schema ?? {};
    const { type: number, minimum, maximum } = query('limit');
    assert.deepEqual([number, minimum, maximum], ['integer', 1, 200], path);
    assert.equal(query('after').type, 'string', path);
  }
  assert.deepEqual(unlisted.toSorted(), Object.keys(PARTS_OF_ONE).toSorted());
  assert.ok(listings().length >= 13, listings().join(' '));
});

test('refuses what is not a page token or a limit, on every listing', async () => {
  for (const path of listings()) {
    for (const token of ['x', '!', 'e30=', 'e30', 'Lw', 'AAAA', '%00', '../../x', 'a'.repeat(2_000)]) {
      const answer = await ask(`${urlOf(path)}?after=${encodeURIComponent(token)}`);
      assert.deepEqual(
        [answer.statusCode, answer.json().code],
        [400, 'PAGE_TOKEN_INVALID'],
        `${path} ${token}`,
      );
    }
    for (const wrong of ['limit=0', 'limit=201', 'limit=1.5', 'limit=0x1', 'limit=', 'limit=-1', 'after=']) {
      const answer = await ask(`${urlOf(path)}?${wrong}`);
      assert.deepEqual([answer.statusCode, answer.json().code], [400, 'REQUEST_INVALID'], `${path} ${wrong}`);
    }
  }
});

test('lists the same things whether page by page or at once, on every listing', async () => {
  for (const path of listings().filter((one) => !['/v1/audit', '/v1/workflows'].includes(one))) {
    const whole = (await ask(`${urlOf(path)}?limit=200`)).json();
    assert.equal(whole.next, undefined, path);
    const items: unknown[] = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const page = (await ask(`${urlOf(path)}?limit=1${after}`)).json();
      assert.ok(page.items.length <= 1, path);
      items.push(...page.items);
      next = page.next;
    }
    assert.deepEqual(items, whole.items, path);
    if (!/partitions|scores/.test(path)) assert.ok(items.length >= 1, path);
  }
});

test('a token of one listing never makes another one fail', async () => {
  const tokens: string[] = [];
  for (const path of listings()) {
    const { next } = (await ask(`${urlOf(path)}?limit=1`)).json();
    if (next !== undefined) tokens.push(next);
  }
  assert.ok(tokens.length >= 8);
  for (const path of listings())
    for (const token of tokens) {
      const answer = await ask(`${urlOf(path)}?after=${encodeURIComponent(token)}`);
      const told = answer.statusCode === 200 || answer.json().code === 'PAGE_TOKEN_INVALID';
      assert.ok(told, `${path} ${token} ${answer.body}`);
    }
});
