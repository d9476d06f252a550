import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { openTable } from '#platform/table/table.ts';
import type { Pair } from '#configs/pair.ts';
import type { ApiKey } from '#client/api-types.ts';
import { answer, createClient, type Client } from '#client/client.ts';
import { startPlatform } from '#local/platform.ts';
import { killProcess, statusOfProcesses } from '#local/processes.ts';
import { forgetHome, startServers } from '#local/servers.ts';
import {
  applyTanks,
  approve,
  pairOf,
  score,
  startLife,
  TANK_TEAMS,
  untilAtRest,
  untilCompleted,
  untilRegistered,
} from './lives.ts';
import { keysBelow, scanTable } from './stores-read.ts';
import { putTanks } from './tanks.ts';
import { assertWholeLives, type Stores } from './whole-life.ts';

/** As `npm start` does, on a home that keeps its data. */
async function start(home: string) {
  const { env, api, adminKey } = await startPlatform(await startServers(home, { portOffset: 120 }));
  const table = openTable(env);
  const objects = createS3ObjectStore(env);
  return {
    stores: { table, objects, home },
    as: (key: string): Client => createClient(api, key),
    adminKey,
    async [Symbol.asyncDispose]() {
      table.client.destroy();
      await objects[Symbol.asyncDispose]();
    },
  };
}

test('servers, workers and API killed at once, the same home comes back and goes on with all it held', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-cut-'));
  const pair = pairOf('leak_risk');
  try {
    const { held, life, author, approver } = await untilWaiting(home, pair);
    for (const { name } of await statusOfProcesses(home)) await killProcess(home, name);
    await using platform = await start(home);
    assert.deepEqual(await everything(platform.stores), held);
    await approve(platform.as(approver), pair, 1);
    await untilCompleted(platform.as(author), life);
    await untilCompleted(platform.as(author), await score(platform.as(author), pair));
    await assertWholeLives(platform.stores, pair, 1);
  } finally {
    await forgetHome(home);
  }
});

/** A version that waits for its approval, and all that is stored by then. */
async function untilWaiting(home: string, pair: Pair) {
  await using platform = await start(home);
  const { stores, as, adminKey } = platform;
  await putTanks(stores.objects);
  const key = async (name: string, roles: ApiKey['roles']): Promise<string> =>
    (await answer(as(adminKey).POST('/v1/keys', { body: { name, roles, teams: TANK_TEAMS } }))).key;
  const author = await key('mia', ['scientist', 'operator']);
  const approver = await key('noor', ['approver']);
  await applyTanks(as(author), [pair.model], 1);
  const life = await startLife(as(author), pair);
  await untilRegistered(as(author), pair, 1);
  await untilAtRest(stores, pair);
  return { held: await everything(stores), life, author, approver };
}

async function everything({ table, objects }: Stores): Promise<unknown> {
  return { items: await scanTable(table), objects: await keysBelow(objects, '') };
}
