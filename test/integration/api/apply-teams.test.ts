import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Role } from '#access/principal.ts';
import { applyConfigs, FILES } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

let running: RunningApp;
/** By the teams that a scientist is in, and `admin`. */
const keys = new Map<string, string>();

before(async () => {
  running = await runningApp();
  const { table, objects } = running.deps;
  await applyConfigs(table, objects, edit(FILES, ['name: visits\nowner: shop', 'name: visits\nowner: data']));
  const people: readonly (readonly [string, Role, readonly string[]])[] = [
    ['shop', 'scientist', ['shop']],
    ['data', 'scientist', ['data']],
    ['shop and data', 'scientist', ['data', 'shop']],
    ['admin', 'admin', []],
  ];
  for (const [name, role, teams] of people) {
    const { text } = await running.keys.create({ name, roles: [role], teams, createdBy: 'test' });
    keys.set(name, text);
  }
});
after(() => running[Symbol.asyncDispose]());

type Files = typeof FILES;

function edit(files: Files, ...changes: readonly (readonly [string, string])[]): Files {
  return files.map(({ path, text }) => ({
    path,
    text: changes.reduce((edited, [from, to]) => edited.replace(from, to), text),
  }));
}

const owned = (team: string) => ['name: visits\nowner: shop', `name: visits\nowner: ${team}`] as const;
/** The state that is applied: the source belongs to data, set and model to shop. */
const APPLIED = edit(FILES, owned('data'));

async function apply(who: string, files: Files) {
  const post = (url: string, payload: object) =>
    running.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { authorization: `Bearer ${keys.get(who) ?? ''}` },
    });
  const { base_digest } = (await running.ask('viewer', { url: '/v1/configs' })).json();
  const { plan_digest } = (await post('/v1/configs/plan', { files })).json();
  const answer = await post('/v1/configs/apply', { files, plan_digest });
  const { base_digest: left } = (await running.ask('viewer', { url: '/v1/configs' })).json();
  if (answer.statusCode >= 400) assert.equal(left, base_digest, 'a refused apply changes nothing');
  return answer;
}

async function refused(who: string, files: Files, teams: readonly string[]) {
  const answer = await apply(who, files);
  const { status, code, details, detail, remedy } = answer.json();
  assert.deepEqual([status, code, details?.needs], [403, 'TEAM_NOT_ALLOWED', teams], answer.body);
  assert.match(remedy, /team/);
  const { items: entries } = (await running.ask('admin', { url: '/v1/audit?limit=1' })).json();
  assert.deepEqual([entries[0].principal, entries[0].code], [who, 'TEAM_NOT_ALLOWED']);
  return { detail, errors: answer.json().errors };
}

async function restore() {
  assert.equal((await apply('admin', APPLIED)).statusCode, 200);
}

test('changes documents of own teams beside unchanged ones of other teams, and no others', async () => {
  const set = edit(APPLIED, ['Money spent so far', 'Money']);
  const { detail } = await refused('data', set, ['shop']);
  assert.equal(detail, 'data is not in team shop, which owns FeatureSet/habits.');
  assert.equal((await apply('shop', set)).statusCode, 200);
  const source = edit(set, ['location: raw/visits/', 'location: raw/visited/']);
  await refused('shop', source, ['data']);
  assert.equal((await apply('data', source)).statusCode, 200);
  await restore();
});

test('creates a document only for a team of the caller', async () => {
  const [yaml] = FILES;
  const added = [
    { path: 'more.yaml', text: (yaml?.text ?? '').split('---')[0]?.replaceAll('visits', 'calls') ?? '' },
  ];
  await refused('data', added, ['shop']);
  assert.equal((await apply('shop', added)).statusCode, 200);
});

test('reads files of a source of another team only for somebody of both, or an admin', async () => {
  const [yaml] = FILES;
  const source = (yaml?.text ?? '').split('---')[0]?.replace('visits', 'copied') ?? '';
  const { detail } = await refused('shop', [{ path: 'copied.yaml', text: source }], ['data']);
  assert.match(detail, /^shop is not in team data, whose Source\/visits reads raw\/visits\//);
  for (const location of ['raw/visits/new/', 'raw/']) {
    const text = source.replace('location: raw/visits/', `location: ${location}`);
    const payload = { files: [{ path: 'copied.yaml', text }] };
    const answer = await running.ask('admin', { method: 'POST', url: '/v1/configs/plan', payload });
    assert.equal(answer.json().code, 'CONFIG_INVALID', 'nobody reads a part of another source');
  }
  const beside = source.replace('location: raw/visits/', 'location: raw/visits2/');
  assert.equal((await apply('shop', [{ path: 'copied.yaml', text: beside }])).statusCode, 200);
  await refused('shop', [{ path: 'copied.yaml', text: source }], ['data']);
  assert.equal((await apply('shop and data', [{ path: 'copied.yaml', text: source }])).statusCode, 200);
  const described = source.replace('keys: [visitor, day]', 'description: A copy\nkeys: [visitor, day]');
  assert.equal((await apply('shop', [{ path: 'copied.yaml', text: described }])).statusCode, 200);
  // Two sources of one folder would have to agree on what is sensitive.
  assert.equal((await apply('shop', [{ path: 'copied.yaml', text: beside }])).statusCode, 200);
});

test('moves a document to another team only for somebody of both, or an admin', async () => {
  const moved = edit(APPLIED, ['name: buys\nowner: shop', 'name: buys\nowner: data']);
  await refused('shop', moved, ['data']);
  const { detail } = await refused('data', moved, ['shop']);
  assert.equal(detail, 'data is not in team shop, which owns Model/buys.');
  assert.equal((await apply('shop and data', moved)).statusCode, 200);
  await restore();
  assert.equal((await apply('admin', moved)).statusCode, 200);
  await restore();
});

test('changes what is sensitive only for somebody in the teams of source and readers, or an admin', async () => {
  const marked = edit(APPLIED, ['known_time: known', 'known_time: known\nsensitive: [day]']);
  await refused('shop', marked, ['data']);
  const { detail, errors } = await refused('data', marked, ['shop']);
  assert.match(detail, /^data is not in team shop, whose FeatureSet\/habits reads Source\/visits/);
  assert.deepEqual(
    errors.map((one: { document: string }) => one.document),
    ['FeatureSet/habits', 'Model/buys'],
  );
  assert.equal((await apply('shop and data', marked)).statusCode, 200);
  // Taking the mark away is the same kind of change.
  await refused('data', APPLIED, ['shop']);
  assert.equal((await apply('admin', APPLIED)).statusCode, 200);
});

test('a repeated apply gets its first result, and somebody else is refused', async () => {
  const files = edit(APPLIED, ['Money spent so far', 'Money']);
  const plan = { method: 'POST', url: '/v1/configs/plan', payload: { files } } as const;
  const { plan_digest } = (await running.ask('scientist', plan)).json();
  const post = (who: string) =>
    running.app.inject({
      method: 'POST',
      url: '/v1/configs/apply',
      payload: { files, plan_digest, command_id: 'once' },
      headers: { authorization: `Bearer ${keys.get(who) ?? ''}` },
    });
  const first = await post('shop');
  assert.equal(first.statusCode, 200, first.body);
  assert.deepEqual((await post('shop')).json(), first.json());
  assert.equal((await post('data')).json().code, 'TEAM_NOT_ALLOWED');
});
