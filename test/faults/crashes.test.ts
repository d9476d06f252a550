import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '#client/api-types.ts';
import type { Held } from '#test/support/fault-proxy.ts';
import {
  applyTanks,
  approve,
  build,
  pairOf,
  score,
  startLife,
  startLives,
  untilCompleted,
  untilRegistered,
} from './lives.ts';
import {
  COMMITTING_PARTITIONS,
  COMMITTING_SCORES,
  places,
  UNTIL_JUDGED,
  UNTIL_LIVE,
  UNTIL_REGISTERED,
  UNTIL_SCORED,
  type Place,
} from './points.ts';
import { keysBelow, scanTable, sweepAll } from './stores-read.ts';
import { TANKS } from './tanks.ts';
import { assertPartitions, assertWholeLives } from './whole-life.ts';

type Process = 'worker' | 'scoring' | 'temporal' | 'api';

/** Five pairs live side by side. In each stretch of their lives each is stopped at another point; there the kill hits all. */
const PAIRS = [1, 2, 3, 4, 5].map((n) => pairOf(`leak_risk_${n}`));
const lives = await startLives(80);
const { platform, networks, stores, author, approver } = lives;

/** Those that live a third life. */
const JUDGED = PAIRS.slice(0, 2);

/** Writes of dead workers that are still under way. */
const late: Held[] = [];

describe('crashes', () => {
  after(() => lives[Symbol.asyncDispose]());

  test('killed at any point of a first life, the workers go on where they stopped', () =>
    life(1, ['worker', 'scoring']));

  test('a write that outlives its process changes nothing', async () => {
    const before = await everything();
    for (const held of late.splice(0)) await held.release();
    assert.deepEqual(await everything(), before);
  });

  test('killed at any point of a take-over, Temporal goes on where it stopped', () => life(2, ['temporal']));

  test('killed while a job runs and while an approval is told, the API need not be asked again', async () => {
    await apply(3);
    let runs: readonly Run[] = [];
    await crashAt(places(UNTIL_REGISTERED.slice(0, 1), JUDGED), ['api'], async () => {
      runs = await Promise.all(JUDGED.map((pair) => startLife(author, pair)));
    });
    await Promise.all(JUDGED.map((pair) => untilRegistered(author, pair, 3)));
    let answers: Promise<readonly PromiseSettledResult<unknown>[]> = Promise.resolve([]);
    await crashAt(places(UNTIL_JUDGED, JUDGED), ['api'], () => {
      answers = Promise.allSettled(JUDGED.map((pair) => approve(approver, pair, 3)));
      return Promise.resolve();
    });
    assert.ok(
      (await answers).every(({ status }) => status === 'rejected'),
      'no approver has an answer',
    );
    await Promise.all(JUDGED.slice(0, 1).map((pair) => approve(approver, pair, 3)));
    await Promise.all(runs.map((run) => untilCompleted(author, run)));
  });

  test('killed at the commit of scores and of partitions, the workers commit each once', async () => {
    const dates = ['2026-03-02', '2026-03-03'];
    let runs: readonly Run[] = [];
    const committing = [...places(COMMITTING_SCORES, JUDGED), ...places(COMMITTING_PARTITIONS, dates)];
    await crashAt(committing, ['worker', 'scoring'], async () => {
      runs = await Promise.all([
        ...JUDGED.map((pair) => score(author, pair)),
        ...dates.map((dt) => build(author, dt)),
      ]);
    });
    await Promise.all(runs.map((run) => untilCompleted(author, run)));
    for (const pair of JUDGED) await assertWholeLives(stores, pair, 3);
  });

  test('what is still under way after its process died, and what it left behind, is swept and no more', async () => {
    for (const held of late) await held.release();
    await sweepAll(stores.objects);
    assert.deepEqual(await sweepAll(stores.objects), []);
    await assertPartitions(stores, ['2026-03-02', '2026-03-03', TANKS.scoreDate]);
    for (const pair of PAIRS) await assertWholeLives(stores, pair, JUDGED.includes(pair) ? 3 : 2);
  });
});

function apply(life: number): Promise<void> {
  const models = PAIRS.map(({ model }) => model);
  return applyTanks(author, models, life);
}

async function life(version: number, victims: readonly Process[]): Promise<void> {
  await apply(version);
  let runs: readonly Run[] = [];
  await crashAt(places(UNTIL_REGISTERED, PAIRS), victims, async () => {
    runs = await Promise.all(PAIRS.map((pair) => startLife(author, pair)));
  });
  await Promise.all(PAIRS.map((pair) => untilRegistered(author, pair, version)));
  await crashAt(places(UNTIL_LIVE, PAIRS), victims, async () => {
    await Promise.all(PAIRS.map((pair) => approve(approver, pair, version)));
  });
  await Promise.all(runs.map((run) => untilCompleted(author, run)));
  await crashAt(places(UNTIL_SCORED, PAIRS), victims, async () => {
    runs = await Promise.all(PAIRS.map((pair) => score(author, pair)));
  });
  await Promise.all(runs.map((run) => untilCompleted(author, run)));
  for (const pair of PAIRS) await assertWholeLives(stores, pair, version);
}

/** Starts something, waits until each pair stands at its own point, kills the victims there and brings them up again. */
async function crashAt(
  at: readonly Place[],
  victims: readonly Process[],
  start: () => Promise<void>,
): Promise<void> {
  const held = at.map(({ hold, ...place }) => ({ ...place, ...hold(networks) }));
  await start();
  await Promise.all(held.map(({ name, reached }) => Promise.race([reached, tooLong(name)])));
  for (const name of victims) await platform.kill(name);
  for (const { open } of held) open();
  for (const name of victims) await platform.start(name);
  for (const { moment, ofJob, ...request } of held) {
    // What a job or a living worker asked for still has somebody who waits for the answer.
    if (moment === 'after') request.drop();
    else if (ofJob || victims.includes('temporal')) await request.release();
    else late.push(request);
  }
}

/** Says which point was not reached, rather than to wait for ever. */
async function tooLong(name: string): Promise<never> {
  await sleep(120_000, undefined, { ref: false });
  throw new Error(`this was not reached: ${name}`);
}

/** All that is stored, but for the time of the last sweep, which goes on each minute. */
async function everything(): Promise<unknown> {
  const keys = await keysBelow(stores.objects, '');
  const tags = keys.map(async (key) => [key, (await stores.objects.head(key))?.etag]);
  const items = (await scanTable(stores.table)).filter(({ pk }) => pk !== 'sweeps');
  return { items, objects: await Promise.all(tags) };
}
