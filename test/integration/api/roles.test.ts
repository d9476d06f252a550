import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Fastify, { type InjectOptions } from 'fastify';
import { ROLES } from '#access/principal.ts';
import { addAuthentication } from '#api/plugins/authentication.ts';
import { runningApp, type RunningApp } from './running-app.ts';

type Method = NonNullable<InjectOptions['method']>;

let running: RunningApp;
const routes: { method: Method; url: string; role: unknown }[] = [];

before(async () => {
  running = await runningApp({
    watchRoute: (route) => {
      for (const method of [route.method].flat())
        routes.push({ method, url: route.url, role: route.config?.role });
    },
  });
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

test('each role is let through exactly where the route names it, admin everywhere', async () => {
  for (const { method, url, role: needed } of routes) {
    if (needed === 'public' || (url === '/v1/keys/:id' && method === 'DELETE')) continue;
    for (const role of ROLES) {
      const named = [needed].flat();
      const reads = named.includes('viewer') && role !== 'scheduler';
      const allowed = role === 'admin' || reads || named.includes(role);
      const answer = await running.ask(role, {
        method,
        url: path(url),
        ...(method === 'POST' ? { payload: { nothing: true } } : {}),
      });
      assert.equal(answer.statusCode === 403, !allowed, `${role} ${method} ${url}: ${answer.statusCode}`);
      assert.notEqual(answer.statusCode, 401);
    }
  }
});

test('a route that names no role stops the start', () => {
  const app = Fastify();
  addAuthentication(app, running.keys);
  assert.throws(() => app.get('/v1/forgotten', async () => 'secret'), /names no role/);
});
