import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Run } from '#scripts/demo/runs.ts';
import type { Held } from '#test/support/fault-proxy.ts';
import {
  applyTanks,
  approve,
  pairOf,
  score,
  startLife,
  startLives,
  untilCompleted,
  untilRegistered,
} from './lives.ts';
import { hold, UNTIL_JUDGED, UNTIL_LIVE, UNTIL_REGISTERED, UNTIL_SCORED, type Point } from './points.ts';
import { keysBelow, scanTable } from './stores-read.ts';
import { assertWholeLives } from './whole-life.ts';

type Process = 'worker' | 'scoring' | 'temporal' | 'api';

/** Five pairs live side by side. In each stretch of their lives each is stopped at another point; there the kill hits all. */
const PAIRS = [1, 2, 3, 4, 5].map((n) => pairOf(`leak_risk_${n}`));
const lives = await startLives(80);
const { platform, networks, stores, author, approver } = lives;

/** Writes of dead workers that are still under way. */
const late: Held[] = [];

describe('crashes', () => {
  after(() => lives[Symbol.asyncDispose]());

  test('killed at any point of a first life, the workers go on where they stopped', () =>
    life(1, ['worker', 'scoring']));

  test('a write that outlives its process changes nothing', async () => {
    const before = await everything();
    for (const held of late) await held.release();
    assert.deepEqual(await everything(), before);
  });

  test('killed at any point of a take-over, Temporal goes on where it stopped', () => life(2, ['temporal']));

  test('killed between an approval and whoever waits for it, the API need not be asked again', async () => {
    const pairs = PAIRS.slice(0, UNTIL_JUDGED.length);
    await apply(3);
    const runs = await Promise.all(pairs.map((pair) => startLife(author, pair)));
    await Promise.all(pairs.map((pair) => untilRegistered(author, pair, 3)));
    let answers: Promise<readonly PromiseSettledResult<unknown>[]> = Promise.resolve([]);
    await crashAt(UNTIL_JUDGED, ['api'], () => {
      answers = Promise.allSettled(pairs.map((pair) => approve(approver, pair, 3)));
      return Promise.resolve();
    });
    const [unwritten, written] = await answers;
    assert.deepEqual(
      [unwritten?.status, written?.status],
      ['rejected', 'rejected'],
      'no approver has an answer',
    );
    const [first] = pairs;
    assert.ok(first !== undefined);
    await approve(approver, first, 3);
    await Promise.all(runs.map((run) => untilCompleted(author, run)));
    const scored = await Promise.all(pairs.map((pair) => score(author, pair)));
    await Promise.all(scored.map((run) => untilCompleted(author, run)));
    for (const pair of pairs) await assertWholeLives(stores, pair, 3);
  });
});

function apply(life: number): Promise<void> {
  const models = PAIRS.map(({ model }) => model);
  return applyTanks(author, models, life);
}

async function life(version: number, victims: readonly Process[]): Promise<void> {
  await apply(version);
  let runs: readonly Run[] = [];
  await crashAt(UNTIL_REGISTERED, victims, async () => {
    runs = await Promise.all(PAIRS.map((pair) => startLife(author, pair)));
  });
  await Promise.all(PAIRS.map((pair) => untilRegistered(author, pair, version)));
  await crashAt(UNTIL_LIVE, victims, async () => {
    await Promise.all(PAIRS.map((pair) => approve(approver, pair, version)));
  });
  await Promise.all(runs.map((run) => untilCompleted(author, run)));
  await crashAt(UNTIL_SCORED[version - 1] ?? [], victims, async () => {
    runs = await Promise.all(PAIRS.map((pair) => score(author, pair)));
  });
  await Promise.all(runs.map((run) => untilCompleted(author, run)));
  for (const pair of PAIRS) await assertWholeLives(stores, pair, version);
}

/** Starts something, waits until each pair stands at its own point, kills the victims there and brings them up again. */
async function crashAt(
  points: readonly Point[],
  victims: readonly Process[],
  start: () => Promise<void>,
): Promise<void> {
  const held = points.map((point, index) => {
    const pair = PAIRS[index];
    assert.ok(pair !== undefined);
    return { point, ...hold(networks, point, pair) };
  });
  await start();
  await Promise.all(held.map(({ reached }) => reached));
  for (const name of victims) await platform.kill(name);
  for (const { open } of held) open();
  for (const name of victims) await platform.start(name);
  for (const { point, ...request } of held) {
    // What a job or a living worker asked for still has somebody who waits for the answer.
    const orphan = !victims.includes('temporal') && point !== UNTIL_REGISTERED[0];
    if (point.moment === 'after') request.drop();
    else if (orphan) late.push(request);
    else await request.release();
  }
}

/** All that is stored. */
async function everything(): Promise<unknown> {
  const keys = await keysBelow(stores.objects, '');
  const tags = keys.map(async (key) => [key, (await stores.objects.head(key))?.etag]);
  return { items: await scanTable(stores.table), objects: await Promise.all(tags) };
}
