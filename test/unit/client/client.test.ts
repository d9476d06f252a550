import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, createClient } from '#client/client.ts';
import { ApiFailure } from '#client/failure.ts';
import { serve } from '#test/support/http-server.ts';

test('sends the id of a workflow as one encoded segment, with the key and the query', async () => {
  const asked: (string | undefined)[] = [];
  await using server = await serve((request, reply) => {
    asked.push(request.url, request.headers.authorization);
    reply.end('a log');
  });
  const params = { path: { '*': 'train/a b/1/logs' }, query: { from: '1.2' } };
  const log = await answer(
    createClient(server.url, 'mk_x').GET('/v1/workflows/{*}', { params, parseAs: 'text' }),
  );
  assert.equal(log, 'a log');
  assert.deepEqual(asked, ['/v1/workflows/train%2Fa%20b%2F1%2Flogs?from=1.2', 'Bearer mk_x']);
});

test('turns a problem document into a failure that keeps code, place, remedy and the list', async () => {
  const problem = {
    code: 'CONFIG_INVALID',
    detail: 'two',
    where: 'a.yaml',
    remedy: 'Correct it.',
    errors: [1],
  };
  await using server = await serve((_request, reply) => reply.writeHead(422).end(JSON.stringify(problem)));
  const failure = await failureAt(server.url);
  assert.deepEqual(
    [failure.code, failure.status, failure.message, failure.where, failure.remedy, failure.errors],
    ['CONFIG_INVALID', 422, 'two', 'a.yaml', 'Correct it.', [1]],
  );
  assert.equal(failure.unreachable, false);
});

test('tells apart an API that does not answer, another server and a wrong address', async () => {
  const nobody = await failureAt('http://127.0.0.1:9');
  assert.deepEqual([nobody.code, nobody.status, nobody.unreachable], ['API_UNREACHABLE', undefined, true]);
  await using server = await serve((_request, reply) => reply.writeHead(404).end('<html>'));
  const another = await failureAt(server.url);
  assert.deepEqual([another.code, another.status, another.unreachable], ['API_ANSWER_UNKNOWN', 404, true]);
  assert.throws(
    () => createClient('localhost:8300'),
    (error) => error instanceof ApiFailure && error.code === 'API_URL_INVALID' && !error.unreachable,
  );
});

test('rejects a success that is not JSON of the API: a page, an empty or cut document, another value', async () => {
  for (const body of ['<html>Welcome</html>', '', '{"ok":', 'null', '"ok"']) {
    await using server = await serve((_request, reply) => reply.writeHead(200).end(body));
    const failure = await failureAt(server.url);
    assert.deepEqual([failure.code, failure.status, failure.unreachable], ['API_ANSWER_UNKNOWN', 200, true]);
  }
});

test('rejects a success without content, and JSON that another server gives', async () => {
  await using empty = await serve((_request, reply) => reply.writeHead(204).end());
  assert.deepEqual(
    [(await failureAt(empty.url)).code, (await failureAt(empty.url)).status],
    ['API_ANSWER_UNKNOWN', 204],
  );
  for (const body of ['{}', '[]', '{"hello":"world"}', '{"items":null,"status":1}']) {
    await using server = await serve((_request, reply) => reply.end(body));
    const failure = await failureAt(server.url);
    assert.deepEqual([failure.code, failure.unreachable], ['API_ANSWER_UNKNOWN', true], body);
  }
});

test('accepts either form of an answer that has several, and members that it does not know', async () => {
  const run = { workflow_id: 'a', run_id: 'b', status: 'running', more: 1 };
  for (const body of [run, { runs: [run] }]) {
    await using server = await serve((_request, reply) => reply.end(JSON.stringify(body)));
    const asked = { params: { path: { set: 'habits' } }, body: { dt: '2020-03-01', refresh: false } };
    assert.deepEqual(
      await answer(createClient(server.url).POST('/v1/feature-sets/{set}/partitions', asked)),
      body,
    );
  }
});

test('refuses a name that leads elsewhere before a request is sent', async () => {
  let asked = 0;
  await using server = await serve((_request, reply) => {
    asked += 1;
    reply.end('{}');
  });
  const client = createClient(server.url);
  const refused = (error: unknown) =>
    error instanceof ApiFailure && error.code === 'REQUEST_INVALID' && error.remedy !== undefined;
  for (const name of ['', '.', '..', 'a/b', '../x', 'a%2Fb', '%2e%2e', 'a\\b', 'a\nb', '\0', '\uD800'])
    await assert.rejects(
      async () => client.GET('/v1/configs/{kind}/{name}', { params: { path: { kind: 'Model', name } } }),
      refused,
      name,
    );
  for (const id of ['', '..', 'train/../keys', 'train//x', 'train/.', '/train', 'train/%2e%2e'])
    await assert.rejects(
      async () => client.GET('/v1/workflows/{*}', { params: { path: { '*': id } } }),
      refused,
      id,
    );
  assert.equal(asked, 0);
});

test('says that an address is too long, whoever answers so', async () => {
  await using server = await serve((_request, reply) => reply.end('{}'));
  const path = { '*': `train/${'x'.repeat(20_000)}` };
  const failed = createClient(server.url).GET('/v1/workflows/{*}', { params: { path } });
  await assert.rejects(failed, (error: unknown) => {
    assert.ok(error instanceof ApiFailure);
    assert.deepEqual([error.code, error.status], ['REQUEST_HEADERS_TOO_LARGE', 431]);
    assert.match(error.remedy ?? '', /names and ids in the address/);
    return true;
  });
});

test('counts a connection that is lost within the answer as unreachable, so that a poll goes on', async () => {
  for (const status of [200, 500]) {
    await using server = await serve((_request, reply) => {
      reply.writeHead(status, { 'content-length': '1000' });
      reply.write('{"ok":', () => reply.destroy());
    });
    const failure = await failureAt(server.url);
    assert.deepEqual([failure.code, failure.unreachable], ['API_UNREACHABLE', true]);
  }
});

test('leaves out members of an error that are not of the types of a problem document', async () => {
  const body = { code: 7, detail: [{ msg: 'bad' }], where: 5, remedy: null, details: 'x', errors: 'no list' };
  await using server = await serve((_request, reply) => reply.writeHead(422).end(JSON.stringify(body)));
  const failure = await failureAt(server.url);
  assert.deepEqual(
    [failure.code, failure.message, failure.where, failure.details, failure.errors],
    ['API_ANSWER_UNKNOWN', 'The API answered with status 422.', undefined, {}, []],
  );
  assert.equal(failure.remedy, `Check that ${server.url} is the address of the Millrace API.`);
});

async function failureAt(url: string): Promise<ApiFailure> {
  return answer(createClient(url).GET('/readyz')).then(
    () => assert.fail('A failure was expected.'),
    (error: unknown) => (error instanceof ApiFailure ? error : assert.fail(String(error))),
  );
}
