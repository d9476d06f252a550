import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { answerClientError } from '#api/client-error.ts';
import { problemSchema } from '#api/problem.ts';
import { approvedVersion } from '#test/support/registry.ts';
import { createRegistry } from '#registry/registry.ts';
import { applyConfigs, PAIR } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

const pairPath = `/v1/pairs/${PAIR.model}/${PAIR.feature_set}`;
let running: RunningApp;
let port: number;
before(async () => {
  running = await runningApp();
  const { table, objects } = running.deps;
  await applyConfigs(table, objects);
  await approvedVersion(createRegistry(table, objects), objects, PAIR);
  port = Number(new URL(await running.app.listen({ host: '127.0.0.1', port: 0 })).port);
});
after(() => running[Symbol.asyncDispose]());

/** Sends bytes as they are, and reads the answer to its end. */
async function raw(bytes: string): Promise<{ head: string; body: string }> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { head, body };
}

function assertProblem({ head, body }: { head: string; body: string }, status: number, code: string): void {
  assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
  assert.match(head, /content-type: application\/problem\+json/i);
  const problem = problemSchema.parse(JSON.parse(body));
  assert.deepEqual([problem.status, problem.code], [status, code]);
}

test('answers what is not HTTP, too large or too slow with problem details', async () => {
  assertProblem(await raw('NONSENSE\r\n\r\n'), 400, 'REQUEST_INVALID');
  const huge = `GET /healthz HTTP/1.1\r\nHost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`;
  assertProblem(await raw(huge), 431, 'REQUEST_HEADERS_TOO_LARGE');
  // Node waits a minute before it gives up on a request, so the handler is called by hand, on a real socket.
  const server = createServer((socket) =>
    answerClientError(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const [head = '', body = ''] = (
    await text(connect((server.address() as AddressInfo).port, '127.0.0.1'))
  ).split('\r\n\r\n');
  assertProblem({ head, body }, 408, 'REQUEST_INCOMPLETE');
  server.close();
});

test('refuses two Authorization headers, whatever they hold', async () => {
  const key = `Bearer ${running.keyOf.viewer}`;
  const send = async (...keys: string[]) => {
    const headers = ['Host', 'localhost', ...keys.flatMap((value) => ['Authorization', value])];
    const sent = request({ host: '127.0.0.1', port, path: '/v1/models', headers });
    sent.end();
    const [answer] = await once(sent, 'response');
    answer.resume();
    return answer.statusCode;
  };
  assert.equal(await send(key), 200);
  assert.equal(await send(key, key), 401);
  assert.equal(await send(key, 'Bearer x'), 401);
  assert.equal(await send('Bearer x', key), 401);
});

test('tells browsers to keep, guess, run and frame nothing', async () => {
  for (const url of ['/healthz', '/v1/models', '/v1/nowhere', '/v1/keys']) {
    const { headers } = await running.ask('viewer', { url });
    assert.equal(headers['x-content-type-options'], 'nosniff', url);
    assert.equal(headers['cache-control'], 'no-store', url);
    assert.match(
      String(headers['content-security-policy']),
      /^default-src 'none'.*frame-ancestors 'none'/,
      url,
    );
  }
  const specs = await running.ask('viewer', { url: '/v1/dag-specs' });
  assert.equal(specs.headers['cache-control'], 'private, no-cache');
  for (const url of ['/docs', '/docs/']) {
    const policy = String((await running.app.inject(url)).headers['content-security-policy']);
    assert.match(policy, /^default-src 'self'/);
    assert.doesNotMatch(policy, /https?:|swagger\.io|\*/, 'no foreign origin');
    assert.match(policy, /script-src 'self'/);
  }
});

test('says which methods a path takes', async () => {
  const cases = [
    ['PUT', '/v1/keys', 'GET, HEAD, POST'],
    ['GET', '/v1/keys/some', 'DELETE'],
    ['DELETE', '/v1/workflows/train/a/b', 'GET, HEAD, POST'],
    ['GET', `${pairPath}/versions/1/approve`, 'POST'],
    ['PATCH', '/healthz', 'GET, HEAD'],
  ] as const;
  for (const [method, url, allow] of cases) {
    const answer = await running.ask('admin', { method, url });
    assert.deepEqual(
      [answer.statusCode, answer.json().code, answer.headers.allow],
      [405, 'METHOD_NOT_ALLOWED', allow],
      `${method} ${url}`,
    );
  }
  const unknown = await running.ask('admin', { method: 'PUT', url: '/v1/nowhere' });
  assert.deepEqual([unknown.statusCode, unknown.headers.allow], [404, undefined]);
});

test('refuses query parameters that a route does not know, on every route', async () => {
  const routes = [...routesWithParameters()];
  assert.ok(routes.length >= 20);
  for (const url of routes) {
    const answer = await running.ask('admin', { url: `${url}?nothing=1` });
    assert.deepEqual([answer.statusCode, answer.json().code], [400, 'REQUEST_INVALID'], url);
    assert.equal(answer.json().errors[0].path, 'nothing');
  }
  const misspelt = await running.ask('viewer', { url: `${pairPath}/versions?limt=1` });
  assert.match(misspelt.json().detail, /Did you mean "limit"\?/);
  const repeated = await running.ask('viewer', { url: '/v1/feature-sets/habits/partitions?after=x' });
  assert.equal(repeated.statusCode, 400);
});

const PARTS: Readonly<Record<string, string>> = {
  ...PAIR,
  set: PAIR.feature_set,
  version: '1',
  kind: 'Model',
  name: PAIR.model,
  dt: '2020-03-01',
  revision: '1',
  score_date: '2020-03-05',
  '*': 'score/buys/habits/v1/2020-03-05/r1',
};

/** A path of every route that reads. */
function* routesWithParameters(): Generator<string> {
  const { paths = {} } = running.app.swagger();
  for (const [path, operations] of Object.entries(paths))
    if (operations !== undefined && 'get' in operations)
      yield path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => PARTS[name] ?? 'x');
}

test('reads numbers in plain decimal alone, and dates and pages in order', async () => {
  const version = async (spelt: string) =>
    (await running.ask('viewer', { url: `${pairPath}/versions/${spelt}` })).statusCode;
  assert.equal(await version('1'), 200);
  for (const spelt of ['0x1', '1e0', '01', '1.0', '+1', '%201', '-1', '0', '1e400', '', '9'.repeat(30)])
    assert.ok([400, 404].includes(await version(spelt)), spelt);
  for (const url of [
    `${pairPath}/versions/0x1`,
    `${pairPath}/versions/1e0`,
    `${pairPath}/versions?limit=0x1`,
    `${pairPath}/versions?limit=1&limit=2`,
    `${pairPath}/versions?after=`,
    `${pairPath}/scores?from=2020-10-01&to=2020-05-01`,
    '/v1/feature-sets/habits/partitions?from=2020-10-01&to=2020-05-01',
    `/v1/feature-sets/habits/partitions?definition=${'d'.repeat(32)}&from=2020-10-01&to=2020-05-01`,
    '/v1/audit?after=',
    '/v1/audit?limit=1e1',
    '/v1/configs/revisions?limit=0x2',
  ]) {
    const answer = await running.ask('admin', { url });
    assert.deepEqual([answer.statusCode, answer.json().code], [400, 'REQUEST_INVALID'], url);
  }
});

test('reads every number in a path in plain decimal', async () => {
  const numbers = /\{(version|revision|deployment)\}/;
  const paths = Object.entries(running.app.swagger().paths ?? {}).filter(([path]) => numbers.test(path));
  assert.ok(paths.length >= 8);
  for (const [path, operations] of paths)
    for (const method of ['GET', 'POST'] as const) {
      if (!Object.hasOwn(operations ?? {}, method.toLowerCase())) continue;
      const url = path
        .replace(numbers, '0x1')
        .replaceAll(/\{([^}]+)\}/g, (_, name: string) => PARTS[name] ?? 'x');
      const answer = await running.ask('admin', { method, url });
      const { status, where } = answer.json();
      assert.deepEqual([status, where], [400, 'params'], `${method} ${path}`);
    }
});

test('refuses reasons with characters that readers cannot see', async () => {
  const cases = [
    ['approver', 'approve', { reason: 'safe \u202Eelbasnu', evidence: 'x' }],
    ['approver', 'approve', { reason: 'ok', evidence: 'x', waivers: [{ gate: 'auc', reason: '\u0000' }] }],
    ['approver', 'reject', { reason: 'a\u2067b' }],
    ['operator', 'archive', { reason: '\u200Fa' }],
  ] as const;
  for (const [role, verb, payload] of cases) {
    const answer = await running.ask(role, {
      method: 'POST',
      url: `${pairPath}/versions/1/${verb}`,
      payload,
    });
    assert.deepEqual([answer.statusCode, answer.json().code], [400, 'REQUEST_INVALID'], verb);
    assert.match(answer.json().detail, /U\+\w{4}, which readers cannot see/);
  }
});
