import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistry } from '#registry/registry.ts';
import { approvedVersion, freshPair } from '#test/support/registry.ts';
import { runningApp } from './running-app.ts';

test('shows which step of a pair fails, since when and why, until it is settled', async () => {
  await using running = await runningApp();
  const { table, objects } = running.deps;
  const registry = createRegistry(table, objects);
  const [pair, other] = [freshPair(), freshPair()];
  for (const one of [pair, other]) await approvedVersion(registry, objects, one);
  const at = '2026-01-02T00:00:00.000Z';
  const error = { code: 'STORE_UNREACHABLE', message: 'the bucket is away' };
  await registry.noteAttempt({ pair, now: at, tried: { lane: 'dossier', subject: '', at, error } });

  const shown = async (url: string) => (await running.ask('viewer', { url })).json();
  const failing = [{ step: 'dossier', since: at, tries: 1, next_try: '2026-01-02T00:01:00.000Z', ...error }];
  const url = `/v1/pairs/${pair.model}/${pair.feature_set}`;
  assert.deepEqual((await shown(url)).failing, failing);
  const listed = (await shown('/v1/models?failing=true')).items;
  assert.deepEqual(
    listed.map((item: { model: string; failing: unknown }) => [item.model, item.failing]),
    [[pair.model, failing]],
  );
  assert.equal((await shown('/v1/models')).items.length, 2);
  assert.equal((await running.ask('viewer', { url: '/v1/models?failing=yes' })).statusCode, 400);

  await registry.deliverDossier(pair);
  await registry.noteAttempt({ pair, now: at });
  assert.deepEqual((await shown(url)).failing, []);
  assert.deepEqual((await shown('/v1/models?failing=true')).items, []);
});
