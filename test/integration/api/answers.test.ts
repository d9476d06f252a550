import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MillraceError } from '#errors/millrace-error.ts';
import { createSweepMarks } from '#registry/sweep-marks.ts';
import { openTable } from '#platform/table/table.ts';
import { problemSchema } from '#api/problem.ts';
import { runningApp, type RunningApp } from './running-app.ts';

let running: RunningApp;
before(async () => {
  running = await runningApp({
    extraRoutes: async (app) => {
      app.get('/v1/broken', { config: { role: 'viewer' } }, () => {
        throw new Error('password=hunter2');
      });
      app.get('/v1/listed', { config: { role: 'viewer' } }, () => {
        throw new MillraceError('CONFIG_INVALID', 'two places are wrong', {
          where: 'models.yaml:3:1',
          details: { problems: [{ line: 3 }, { line: 9 }], files: 1 },
        });
      });
    },
  });
});
after(() => running[Symbol.asyncDispose]());

test('an error of the catalogue keeps code, place and the list of what is wrong', async () => {
  const answer = await running.ask('viewer', { url: '/v1/listed' });
  assert.equal(answer.statusCode, 422);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  const problem = problemSchema.parse(answer.json());
  assert.equal(problem.code, 'CONFIG_INVALID');
  assert.equal(problem.where, 'models.yaml:3:1');
  assert.deepEqual(problem.errors, [{ line: 3 }, { line: 9 }]);
  assert.deepEqual(problem.details, { files: 1 });
});

test('an unknown error tells the caller a reference and the log the stack', async () => {
  const answer = await running.ask('viewer', { url: '/v1/broken' });
  assert.equal(answer.statusCode, 500);
  assert.ok(!answer.body.includes('hunter2') && !answer.body.includes('.ts'));
  const { reference } = problemSchema.parse(answer.json()).details ?? {};
  const line = running.log.find((entry) => entry.msg === 'request failed' && entry.request_id === reference);
  assert.match(JSON.stringify(line?.err), /hunter2.*answers\.test\.ts/);
  assert.equal(line?.principal, 'viewer');
});

test('invalid JSON, a wrong body, an unknown path and a huge body are problems that name the fault', async () => {
  const post = (payload: string, type = 'application/json') =>
    running.ask('admin', { method: 'POST', url: '/v1/keys', payload, headers: { 'content-type': type } });
  assert.equal((await post('{')).json().code, 'REQUEST_INVALID');
  const wrong = (await post('{"name":"X","roles":["king"],"extra":1}')).json();
  assert.equal(wrong.status, 400);
  assert.deepEqual(
    new Set(wrong.errors.map((one: { path: string }) => one.path)),
    new Set(['', 'name', 'roles.0']),
  );
  assert.equal((await post('a', 'text/csv')).json().code, 'MEDIA_TYPE_UNSUPPORTED');
  assert.equal((await post(`"${'x'.repeat(17 * 1024 * 1024)}"`)).json().code, 'REQUEST_TOO_LARGE');
  const unknown = await running.ask('admin', { url: '/v1/nowhere?key=secret' });
  assert.equal(unknown.json().code, 'ROUTE_NOT_FOUND');
  assert.ok(!unknown.body.includes('secret'));
  const malformed = await running.ask('admin', { url: '/v1/keys/%zz' });
  assert.equal(malformed.json().code, 'REQUEST_INVALID');
});

test('the OpenAPI document is 3.1, complete and shown at /docs', async () => {
  const document = (await running.app.inject('/openapi.json')).json();
  assert.match(document.openapi, /^3\.1\./);
  assert.equal(document.paths['/v1/keys'].post.responses.default.$ref, '#/components/responses/Problem');
  assert.ok(document.components.schemas.Problem);
  for (const [path, operations] of Object.entries<Record<string, { summary?: string }>>(document.paths))
    for (const [method, operation] of Object.entries(operations))
      if (!/^\/v1\/(broken|listed)$/.test(path))
        assert.ok(operation.summary, `${method} ${path} has no summary`);
  const page = await running.app.inject('/docs/');
  assert.equal(page.statusCode, 200);
  const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
  for (const url of assets) {
    assert.ok(!/^https?:/.test(url), `${url} is not ours`);
    assert.equal(
      (await running.app.inject(new URL(url, 'http://local/docs/').pathname)).statusCode,
      200,
      url,
    );
  }
});

test('readiness names the system that does not answer, and says when a sweep is overdue', async () => {
  assert.equal((await running.app.inject('/healthz')).statusCode, 200);
  const ready = await running.app.inject('/readyz');
  assert.equal(ready.statusCode, 200, ready.body);
  const sweepCheck = async () => {
    const { checks } = (await running.app.inject('/readyz')).json();
    return checks.find(({ name }: { name: string }) => name === 'sweep');
  };
  assert.deepEqual(
    [(await sweepCheck()).ok, (await sweepCheck()).message?.slice(0, 12)],
    [false, 'no sweep has'],
  );
  const marks = createSweepMarks(running.deps.table);
  await marks.note('reconcile', new Date(Date.now() - 6 * 60_000).toISOString());
  assert.match((await sweepCheck()).message, /no sweep has ended since/);
  await marks.note('reconcile', new Date().toISOString());
  assert.equal((await sweepCheck()).ok, true);
  await using broken = await runningApp(
    { table: openTable(running.deps.environment, 'no-such-table') },
    false,
  );
  const answer = await broken.app.inject('/readyz');
  assert.equal(answer.statusCode, 503);
  assert.deepEqual(
    answer.json().errors.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok]),
    [
      ['temporal', true],
      ['table', false],
      ['bucket', true],
      ['sweep', false],
      ['workers', false],
    ],
  );
});
