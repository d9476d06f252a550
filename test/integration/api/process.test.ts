import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freshStores, freshTable } from '#test/support/stores.ts';
import { freshNamespace } from '#test/support/temporal.ts';
import { bootstrap } from '#bootstrap/bootstrap.ts';
import { readEnvironment } from '#configs/environment.ts';

test('an installation is prepared once, and preparing it again changes nothing', async () => {
  await using stores = await freshStores();
  const { objects, table } = stores;
  await using namespace = await freshNamespace();
  const environment = { ...readEnvironment(), MILLRACE_BUCKET: objects.bucket };
  const prepare = () => bootstrap({ environment, table, temporal: namespace.temporal });
  const first = await prepare();
  const ids = ['reconcile-sweep', 'sweep-store', 'verify-sweep'];
  const all = (was: string) => Object.fromEntries(ids.map((id) => [id, was]));
  assert.deepEqual(first.schedules, all('missing'));
  assert.match(first.admin_key?.text ?? '', /^mk_/);
  const again = await prepare();
  assert.deepEqual(again, {
    ...first,
    search_attributes: [],
    schedules: all('right'),
    admin_key: null,
  });
  const nightly = namespace.temporal.schedule.getHandle('sweep-store');
  const { policies, spec, state } = await nightly.describe();
  assert.deepEqual(policies, {
    overlap: 'SKIP',
    catchupWindow: 23 * 3_600_000,
    pauseOnFailure: false,
  });
  assert.equal(state.paused, false);
  assert.deepEqual(
    [spec.calendars?.[0]?.hour, spec.calendars?.[0]?.minute].flat().map((at) => at?.start),
    [3, 20],
  );
  await nightly.delete();
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
