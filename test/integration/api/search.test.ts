import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRegistry, type Registry } from '#registry/registry.ts';
import { approvedVersion, clockAt, deploymentOf, trainedVersion } from '#test/support/registry.ts';
import { applyConfigs, FILES, PAIR } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

const one = { model: 'one', feature_set: 'behaviour' };
const two = { model: 'two', feature_set: 'behaviour' };
const other = { model: 'one', feature_set: 'behaviour_2' };

const LIVE_AT = '2026-12-31T00:00:00.000Z';
const clock = clockAt('2026-01-01T00:00:00.000Z');

let running: RunningApp;
let registry: Registry;
before(async () => {
  running = await runningApp();
  const { table, objects } = running.deps;
  const marked = FILES.map((file) => ({
    ...file,
    text: file.text.replace('name: buys\n', 'name: buys\nread: team\n'),
  }));
  await applyConfigs(table, objects, marked);
  registry = createRegistry(table, objects, clock);
  await approvedVersion(registry, objects, one, { author: 'ada', tier: 'low' });
  await registry.registerVersion(await trainedVersion(objects, one, { author: 'bob', tier: 'high' }));
  await registry.registerVersion(await trainedVersion(objects, two, { author: 'ada', tier: 'high' }));
  clock.at = '2026-05-01T23:59:59.999Z';
  await registry.registerVersion(await trainedVersion(objects, other, { author: 'ada', tier: 'high' }));
  const tag = async (pair: typeof one, version: number, tags: Record<string, string>): Promise<void> =>
    void (await registry.changeTags({ pair, version, change: () => tags, principal: 'ada' }));
  await tag(one, 1, { region: 'uk', team: 'cards' });
  await tag(two, 1, { region: 'uk', note: 'a=b' });
  await tag(other, 1, { region: 'fr' });
  for (const [pair, version] of [
    [one, 2],
    [two, 1],
    [other, 1],
  ] as const) {
    const command = { pair, version, name: 'champion', expected: 'absent', principal: 'ada' } as const;
    await registry.setAlias({ ...command, commandId: 'champion' });
  }
  await registry.schedule(deploymentOf(one, 1, 1, LIVE_AT));
});
after(() => running[Symbol.asyncDispose]());

async function get(url: string) {
  const answer = await running.ask('viewer', { url });
  return { status: answer.statusCode, body: answer.json() };
}

/** `model/set/version` of every page, walked with pages of one item. */
async function find(query: string): Promise<string[]> {
  const found: string[] = [];
  let after = '';
  do {
    const { status, body } = await get(`/v1/search?limit=1&${query}${after}`);
    assert.equal(status, 200, JSON.stringify(body));
    for (const { model, feature_set, version } of body.items)
      found.push(`${model}/${feature_set}/${version}`);
    after = body.next === undefined ? '' : `&after=${encodeURIComponent(body.next)}`;
  } while (after !== '');
  return found.sort();
}

const [ONE_1, ONE_2, TWO_1, OTHER_1] = [
  'one/behaviour/1',
  'one/behaviour/2',
  'two/behaviour/1',
  'one/behaviour_2/1',
];

for (const [query, expected] of [
  ['', [ONE_1, ONE_2, OTHER_1, TWO_1]],
  ['stage=scheduled', [ONE_1]],
  ['alias=live', []],
  ['model=one', [ONE_1, ONE_2, OTHER_1]],
  ['model=one&feature_set=behaviour', [ONE_1, ONE_2]],
  ['tag=region%3Duk', [ONE_1, TWO_1]],
  ['tag=region%3Duk&tag=team%3Dcards', [ONE_1]],
  ['tag=note%3Da%3Db', [TWO_1]],
  ['tag=region%3Duk&model=two', [TWO_1]],
  ['tag=region%3Duk&stage=scheduled', [ONE_1]],
  ['tag=region%3Dde', []],
  ['tag=toString%3Dx', []],
  ['alias=champion', [ONE_2, OTHER_1, TWO_1]],
  ['alias=champion&model=one', [ONE_2, OTHER_1]],
  ['alias=champion&model=one&feature_set=behaviour', [ONE_2]],
  ['alias=champion&tag=region%3Duk', [TWO_1]],
  ['alias=nobody', []],
  ['risk_tier=low', [ONE_1]],
  ['author=bob', [ONE_2]],
  ['from=2026-05-01', [OTHER_1]],
  ['from=2026-01-01&to=2026-04-30&author=ada', [ONE_1, TWO_1]],
  ['metric=auc%3E%3D0.76&risk_tier=low', [ONE_1]],
  ['metric=auc%3E%3D0.7&metric=auc%3C%3D0.75', []],
  ['metric=unknown%3E%3D0', []],
] as const)
  test(`finds versions by ${query === '' ? 'nothing' : decodeURIComponent(query)}`, async () => {
    assert.deepEqual(await find(query), [...expected].sort());
  });

test('rejects malformed filters and page tokens of other listings', async () => {
  for (const query of [
    'tag=region',
    'tag=%3Dx',
    'tag=region%3Duk&tag=region%3Dfr',
    'metric=auc',
    'metric=auc%3E0.7',
    'from=lately',
    'stage=gone',
  ])
    assert.equal((await get(`/v1/search?${query}`)).body.code, 'REQUEST_INVALID', query);
  for (const query of ['after=x', 'alias=champion&after=live.x', 'tag=a%3Db&after=%00'])
    assert.equal((await get(`/v1/search?${query}`)).body.code, 'PAGE_TOKEN_INVALID', query);
});

test('shows a scheduled deployment with its go-live time wherever the live version is asked for', async () => {
  const base = '/v1/pairs/one/behaviour';
  const due = { deployment: 1, version: 1, live_at: LIVE_AT };
  assert.deepEqual((await get(`${base}/history`)).body, { items: [], scheduled: [due] });
  const { items } = (await get(`${base}/versions`)).body;
  assert.deepEqual(
    items.map(({ scheduled }: { scheduled: unknown }) => scheduled),
    [[], [due]],
  );
  for (const url of ['/aliases/live', '/history?at=2026-01-01T00:00:00Z']) {
    const { body } = await get(`${base}${url}`);
    assert.equal(body.code, 'NO_LIVE_VERSION');
    assert.match(body.detail, /Deployment 1 of version 1 goes live at 2026-12-31T00:00:00\.000Z/);
    assert.deepEqual(body.details.scheduled, [due]);
  }
});

test('finds the live versions by the alias live, although no item says where it points', async () => {
  clock.at = LIVE_AT;
  await registry.promote({ pair: one, deployment: 1, dueBy: LIVE_AT, commandId: 'promote' });
  assert.deepEqual(await find('alias=live'), [ONE_1]);
  assert.deepEqual(await find('alias=live&model=two'), []);
  assert.deepEqual(await find('alias=live&tag=region%3Duk'), [ONE_1]);
  assert.deepEqual(await find('alias=live&tag=region%3Dfr'), []);
  assert.deepEqual(await find('alias=live&stage=registered'), []);
});

test('leaves out what the caller may not read, so that no filter tells what its card says', async () => {
  await registry.registerVersion(await trainedVersion(running.deps.objects, PAIR, { author: 'zoe' }));
  const { text } = await running.keys.create({
    name: 'stranger',
    roles: ['viewer'],
    teams: ['bank'],
    createdBy: 'test',
  });
  for (const query of ['model=buys', 'author=zoe', 'metric=auc%3E%3D0.7', 'stage=registered']) {
    const url = `/v1/search?${query}`;
    const found = async (key: string): Promise<boolean> => {
      const answer = await running.app.inject({ url, headers: { authorization: `Bearer ${key}` } });
      const items = answer.json().items as readonly { readonly model: string }[];
      return items.some(({ model }) => model === PAIR.model);
    };
    const { viewer, admin } = running.keyOf;
    assert.deepEqual(
      [await found(viewer), await found(admin), await found(text)],
      [true, true, false],
      query,
    );
  }
});
