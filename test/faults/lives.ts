import { setTimeout as sleep } from 'node:timers/promises';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { openTable } from '#platform/table/table.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { Run } from '#client/api-types.ts';
import { answer, type Client } from '#client/client.ts';
import { ApiFailure } from '#client/failure.ts';
import { readRun } from '#scripts/demo/runs.ts';
import { readEnvironment } from '#configs/environment.ts';
import { startFaultProxy } from '#test/support/fault-proxy.ts';
import { startTestPlatform, type TestPlatform } from '#test/support/platform.ts';
import type { Networks } from './points.ts';
import { scanTable } from './stores-read.ts';
import { putTanks, tankConfigs, TANKS } from './tanks.ts';
import type { Stores } from './whole-life.ts';

/** A platform that reaches its stores over networks a test can disturb, and people who use it. */
export interface Lives extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly networks: Networks;
  /** Past the networks, straight to what is stored. */
  readonly stores: Stores;
  readonly author: Client;
  readonly approver: Client;
}

export async function startLives(
  portOffset: number,
  extra: Readonly<Record<string, string>> = {},
): Promise<Lives> {
  const { MILLRACE_S3_ENDPOINT, MILLRACE_TABLE_ENDPOINT } = readEnvironment();
  const networks = {
    objects: await startFaultProxy(MILLRACE_S3_ENDPOINT ?? ''),
    table: await startFaultProxy(MILLRACE_TABLE_ENDPOINT ?? ''),
  };
  const platform = await startTestPlatform(portOffset, {
    MILLRACE_S3_ENDPOINT: networks.objects.url,
    MILLRACE_TABLE_ENDPOINT: networks.table.url,
    ...extra,
  });
  const direct = { ...platform.env, MILLRACE_S3_ENDPOINT, MILLRACE_TABLE_ENDPOINT };
  const table = openTable(direct);
  const objects = createS3ObjectStore(direct);
  await putTanks(objects);
  return {
    platform,
    networks,
    stores: { table, objects, home: platform.home.home },
    author: await platform.as('mia', ['scientist', 'operator'], TANK_TEAMS),
    approver: await platform.as('noor', ['approver'], TANK_TEAMS),
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await objects[Symbol.asyncDispose]();
      table.client.destroy();
      await Promise.all([networks.objects[Symbol.asyncDispose](), networks.table[Symbol.asyncDispose]()]);
    },
  };
}

/** Owners of the tanks' configs. */
export const TANK_TEAMS = ['ground'];

export const pairOf = (model: string): Pair => ({ model, feature_set: TANKS.set });
/** The pair as the API's paths name it. */
export const pathOf = ({ model, feature_set }: Pair) => ({ model, set: feature_set });

export async function applyTanks(
  author: Client,
  models: readonly string[],
  life: number,
  edit: (text: string) => string = (text) => text,
): Promise<void> {
  const files = (await tankConfigs(models, life)).map(({ path, text }) => ({ path, text: edit(text) }));
  const { plan_digest } = await answer(author.POST('/v1/configs/plan', { body: { files } }));
  await answer(author.POST('/v1/configs/apply', { body: { files, plan_digest } }));
}

export function startLife(author: Client, { model }: Pair): Promise<Run> {
  const params = { path: { model } };
  return answer(author.POST('/v1/models/{model}/lifecycles', { params, body: { as_of: TANKS.asOf } }));
}

export async function approve(approver: Client, pair: Pair, version: number): Promise<unknown> {
  const params = { path: { ...pathOf(pair), version } };
  const { evidence } = await answer(approver.GET('/v1/pairs/{model}/{set}/versions/{version}', { params }));
  const body = { reason: 'Good enough to crash with.', evidence };
  return answer(approver.POST('/v1/pairs/{model}/{set}/versions/{version}/approve', { params, body }));
}

export function score(author: Client, pair: Pair): Promise<Run> {
  const params = { path: pathOf(pair) };
  const body = { score_date: TANKS.scoreDate };
  return answer(author.POST('/v1/pairs/{model}/{set}/scores', { params, body }));
}

export async function build(author: Client, dt: string, set: string = TANKS.set): Promise<Run> {
  const params = { path: { set } };
  const run = await answer(author.POST('/v1/feature-sets/{set}/partitions', { params, body: { dt } }));
  if ('runs' in run) throw new Error('One date is one run.');
  return run;
}

/** Asks until the answer is as wanted; a platform that is coming up again may refuse or not answer at all. */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  done: (answer: T) => boolean,
): Promise<T> {
  let last: unknown;
  for (const deadline = Date.now() + 150_000; Date.now() < deadline; await sleep(200)) {
    try {
      const answer = await look();
      if (done(answer)) return answer;
      last = answer;
    } catch (error) {
      if (error instanceof ApiFailure && !isPassing(error)) throw error;
      last = error;
    }
  }
  throw new Error(`waited in vain until ${what}; last: ${JSON.stringify(last) ?? String(last)}`);
}

function isPassing({ status = 503, code }: ApiFailure): boolean {
  return status >= 500 || code.endsWith('_NOT_FOUND');
}

export async function untilRegistered(client: Client, pair: Pair, version: number): Promise<void> {
  await until(
    `${pair.model} has version ${version}`,
    () =>
      answer(
        client.GET('/v1/pairs/{model}/{set}/versions/{version}', {
          params: { path: { ...pathOf(pair), version } },
        }),
      ),
    () => true,
  );
}

/** Waits until the reconciler has nothing more to do for the pair. */
export async function untilAtRest({ table }: Pick<Stores, 'table'>, pair: Pair): Promise<void> {
  const pk = `pair#${pairKey(pair)}`;
  await until(
    `${pair.model} is at rest`,
    async () => (await scanTable(table)).find((item) => item.pk === pk && item.sk === 'head'),
    (head) => head !== undefined && head['due_at'] === undefined,
  );
}

/** Throws when the run ends otherwise than well. */
export async function untilCompleted(client: Client, { workflow_id: id }: Run): Promise<unknown> {
  const ended = await until(
    `${id} has ended`,
    () => readRun(client, id),
    ({ status }) => status !== 'running',
  );
  if (ended.status !== 'completed')
    throw new Error(`${id} is ${ended.status}: ${JSON.stringify(ended.failure)}`);
  return ended.result;
}
