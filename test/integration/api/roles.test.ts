import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Fastify, { type InjectOptions } from 'fastify';
import { ROLES, type Role } from '#access/principal.ts';
import { addAuthentication } from '#api/plugins/authentication.ts';
import { addTeams } from '#api/plugins/teams.ts';
import { ACCESS_MATRIX, type AccessRow } from './access-matrix.ts';
import { applyConfigs, FILES } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

type Method = NonNullable<InjectOptions['method']>;

let running: RunningApp;
/** By role and team: `operator shop` is in that team alone, `operator not shop` in every other. */
const keys = new Map<string, string>();
const files = FILES.map(({ path, text }) => ({
  path,
  text: text.replace('name: habits\nowner: shop', 'name: habits\nowner: data'),
}));
const routes: { method: Method; url: string; role: unknown }[] = [];

before(async () => {
  running = await runningApp({
    watchRoute: (route) => {
      for (const method of [route.method].flat())
        routes.push({ method, url: route.url, role: route.config?.role });
    },
  });
  const { table, objects } = running.deps;
  await applyConfigs(table, objects, files);
  for (const role of ROLES)
    for (const [name, teams] of [
      ['shop', ['shop']],
      ['data', ['data']],
      ['not shop', ['data', 'elsewhere']],
      ['not data', ['shop', 'elsewhere']],
    ] as const) {
      const { text } = await running.keys.create({ name: role, roles: [role], teams, createdBy: 'test' });
      keys.set(`${role} ${name}`, text);
    }
});
after(() => running[Symbol.asyncDispose]());

const path = (url: string) => url.replaceAll(/:(\w+)/g, 'nothing').replace('*', 'nothing');

test('nothing but health and the description of the API is public', () => {
  const open = routes.filter(({ role }) => role === 'public').map(({ url }) => url);
  const known = /^\/(healthz|readyz|openapi\.json|docs)(\/|$)/;
  assert.deepEqual(
    open.filter((url) => !known.test(url)),
    [],
  );
});

test('every other route refuses a request without a key, and one with a wrong key', async () => {
  const guarded = routes.filter(({ role }) => role !== 'public');
  assert.ok(guarded.length >= 5);
  for (const { method, url } of guarded)
    for (const headers of [{}, { authorization: `Bearer mk_000000000000_${'A'.repeat(43)}` }]) {
      const answer = await running.app.inject({ method, url: path(url), headers });
      assert.equal(answer.statusCode, 401, `${method} ${url}`);
      if (method !== 'HEAD') assert.equal(answer.json().code, 'UNAUTHENTICATED');
    }
});

test('the access matrix names every route once or more, and no other', () => {
  const guarded = routes.filter(({ method, role }) => role !== 'public' && method !== 'HEAD');
  const named = new Set(ACCESS_MATRIX.map(({ route }) => route));
  assert.deepEqual([...named].sort(), guarded.map(({ method, url }) => `${method} ${url}`).sort());
});

test('each role is let through exactly where the matrix says, in its team and elsewhere, admin everywhere', async () => {
  const wrong: string[] = [];
  for (const row of ACCESS_MATRIX)
    for (const role of ROLES)
      for (const place of ['inTeam', 'elsewhere'] as const) {
        const allowed = (roles: string) => role === 'admin' || roles.split(' ').includes(role);
        const { status, code } = await use(row, keyOf(role, row, place));
        const said = `${row.route} ${row.rest ?? ''} by ${role} ${place}: ${status} ${code}`;
        if ((status === 403) === allowed(row[place]) || status === 401) wrong.push(said);
        const byTeam = status === 403 && place === 'elsewhere' && allowed(row.inTeam);
        if (byTeam && code !== 'TEAM_NOT_ALLOWED') wrong.push(said);
        if (status === 403 && place === 'inTeam' && code !== 'FORBIDDEN') wrong.push(said);
      }
  assert.deepEqual(wrong, []);
});

test('where reading is restricted to teams, the same roles read in the owner’s team and none elsewhere', async () => {
  const { table, objects } = running.deps;
  await applyConfigs(table, objects, [
    ...files,
    { path: 'platform.yaml', text: 'kind: Platform\naccess: { read: team }\n' },
  ]);
  const restricted = ACCESS_MATRIX.filter(({ derived }) => derived !== undefined);
  await untilRestricted(restricted[0]);
  const wrong: string[] = [];
  for (const row of ACCESS_MATRIX.filter(({ route }) => route.startsWith('GET ')))
    for (const role of ROLES)
      for (const place of ['inTeam', 'elsewhere'] as const) {
        const { derived: owner = 'nobody' } = row;
        const { status, code } = await use(row, keyOf(role, { ...row, owner }, place));
        const byRole = role === 'admin' || row.inTeam.split(' ').includes(role);
        const byTeam = role === 'admin' || owner === 'nobody' || place === 'inTeam';
        const said = `${row.route} ${row.rest ?? ''} by ${role} ${place}: ${status} ${code}`;
        if ((status === 403) === (byRole && byTeam)) wrong.push(said);
        if (byRole && !byTeam && code !== 'TEAM_NOT_ALLOWED') wrong.push(said);
      }
  assert.deepEqual(wrong, []);
  const unowned = await running.ask('viewer', { url: '/v1/pairs/unknown/habits/versions' });
  assert.equal(unowned.json().code, 'CONFIG_NOT_FOUND', 'what nobody owns, nobody but an admin reads');
});

/** Reads follow a new mark within a second. */
async function untilRestricted(row: AccessRow | undefined): Promise<void> {
  assert.ok(row !== undefined);
  while (
    (await use(row, keyOf('viewer', { ...row, owner: row.derived ?? 'nobody' }, 'elsewhere'))).status !== 403
  )
    await new Promise((next) => setTimeout(next, 50));
}

function keyOf(role: Role, { owner }: AccessRow, place: 'inTeam' | 'elsewhere'): string {
  const home = owner === 'nobody' ? 'shop' : owner;
  return keys.get(`${role} ${place === 'inTeam' ? home : `not ${home}`}`) ?? '';
}

const PARTS: Readonly<Record<string, string>> = {
  model: 'buys',
  set: 'habits',
  version: '1',
  kind: 'Model',
  name: 'buys',
  dt: '2020-03-01',
  revision: '1',
  score_date: '2020-03-05',
  alias: 'champion',
  artifact: 'model.onnx',
};

/** No body that a route accepts: what is let through ends in another error than 403. */
async function use({ route, rest = '' }: AccessRow, key: string) {
  const [method, url] = route.split(' ') as [Method, string];
  const path = url.replaceAll(/:(\w+)/g, (_, name: string) => PARTS[name] ?? 'nothing').replace('*', rest);
  const answer = await running.app.inject({
    method,
    url: path,
    headers: { authorization: `Bearer ${key}` },
    ...(method === 'POST' ? { payload: { nothing: true } } : {}),
  });
  return { status: answer.statusCode, code: answer.statusCode >= 400 ? String(answer.json().code) : '' };
}

test('a route that names no role stops the start', () => {
  const app = Fastify();
  addAuthentication(app, running.keys);
  assert.throws(() => app.get('/v1/forgotten', async () => 'secret'), /names no role/);
});

test('a route that changes something and names no team stops the start', () => {
  const app = Fastify();
  const none = () => Promise.reject(new Error('no request comes so far'));
  addTeams(app, { current: none, recent: none });
  const config = { role: 'scientist' } as const;
  assert.throws(() => app.post('/v1/forgotten', { config }, async () => 'done'), /names no team/);
  app.get('/v1/read', { config }, async () => 'read');
});
