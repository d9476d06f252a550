import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freshBucket, freshTable } from '#test/support/stores.ts';
import { freshNamespace } from '#test/support/temporal.ts';
import { bootstrap } from '#api/bootstrap/bootstrap.ts';
import { readEnvironment } from '#configs/environment.ts';

test('an installation is prepared once, and preparing it again changes nothing', async () => {
  await using table = await freshTable();
  await using objects = await freshBucket();
  await using namespace = await freshNamespace();
  const environment = { ...readEnvironment(), MILLRACE_BUCKET: objects.bucket };
  const prepare = () => bootstrap({ environment, table, temporal: namespace.temporal });
  const first = await prepare();
  assert.equal(first.sweep_schedule, 'created');
  assert.match(first.admin_key?.text ?? '', /^mk_/);
  const again = await prepare();
  assert.deepEqual(again, { ...first, search_attributes: [], sweep_schedule: 'present', admin_key: null });
  await namespace.temporal.schedule.getHandle('reconcile-sweep').delete();
});

test('the process says when it is ready, answers, and ends in order when it is asked to', async () => {
  await using table = await freshTable();
  const api = spawn(process.execPath, [fileURLToPath(new URL('../../../api/main.ts', import.meta.url))], {
    env: { ...process.env, MILLRACE_TABLE: table.name, MILLRACE_API_PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(createInterface(api.stdout), 'line');
  const { ready, url } = JSON.parse(line);
  assert.equal(ready, true);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  const { code } = (await (await fetch(`${url}/v1/keys`)).json()) as { code: string };
  assert.equal(code, 'UNAUTHENTICATED');
  api.kill('SIGTERM');
  const [exit] = await once(api, 'exit');
  assert.equal(exit, 0);
});
