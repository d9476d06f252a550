import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { canonicalJson } from '#configs/canonical.ts';
import { addDays } from '#features/calendar.ts';
import type { Pair } from '#configs/pair.ts';
import { scoresManifestKey } from '#scoring/scores-store.ts';
import { bigEvents } from '#test/support/history-size.ts';
import { failureOf, run, start } from '#test/support/runs.ts';
import { approved, newModel, putLake } from '#test/support/world-models.ts';
import { skippingWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { ScoresSummary } from '#scoring/scores-summary.ts';
import type { BackfillInput, BackfillResult } from '#workflows/contract/messages.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(skippingWorld());

let pair: Pair;
let configs: string;
before(async () => {
  await putLake(world);
  pair = await approved(world, await newModel(world));
  configs = (await world.configs.current()).base_digest;
});

function datesFrom(first: string, days: number): string[] {
  return Array.from({ length: days }, (_, day) => addDays(first, day));
}

function backfill(from: string, to: string): BackfillInput {
  return { pair, version: 1, configs, from, to, done: 0, failed: { count: 0, first: null, dates: [] } };
}

test('dates are scored four at a time, and one that is scored already starts nothing', async () => {
  const dates = datesFrom('2024-04-08', 9);
  const scored = { ...pair, version: 1, score_date: '2024-04-10', revision: 1 };
  await run<ScoresSummary>(world, 'scoreBatch', { ref: scored, configs });
  const handle = await start(world, 'backfillScores', backfill('2024-04-08', '2024-04-16'));
  assert.deepEqual(await handle.result(), { dates: 9 } satisfies BackfillResult);
  const entries = await world.scores.list(pair, '2024-04-08', '2024-04-16');
  assert.deepEqual(
    entries.map(({ score_date }) => score_date),
    dates,
  );

  let inFlight = 0;
  let most = 0;
  let started = 0;
  for (const event of (await handle.fetchHistory()).events ?? []) {
    if (event.startChildWorkflowExecutionInitiatedEventAttributes != null) {
      started += 1;
      inFlight += 1;
    }
    if (event.childWorkflowExecutionCompletedEventAttributes != null) inFlight -= 1;
    most = Math.max(most, inFlight);
  }
  assert.deepEqual([started, most], [8, 4]);
});

test('a long backfill continues as new after two hundred dates, and counts them all', async () => {
  const first = '2024-04-10';
  const scored = await world.scores.find({ ...pair, version: 1, score_date: first, revision: 1 });
  assert.ok(scored !== undefined);
  const dates = datesFrom('2025-01-01', 203);
  const last = dates.at(-1) ?? '';
  for (const score_date of dates) {
    const manifest = { ...scored, score_date };
    await world.objects.put(scoresManifestKey(manifest), canonicalJson(manifest));
  }
  const id = workflowId.backfill(pair, 1, '2025-01-01', last);
  const handle = await start(world, 'backfillScores', backfill('2025-01-01', last), id);
  const firstRun = (await handle.describe()).runId;
  assert.deepEqual(await handle.result(), { dates: 203 });
  const { events } = await world.client.workflow.getHandle(id, firstRun).fetchHistory();
  assert.ok(events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes != null);
  assert.notEqual((await handle.describe()).runId, firstRun);
});

test('a date that no partition can serve fails the backfill by its code, after every other date is scored', async () => {
  const failure = await failureOf(start(world, 'backfillScores', backfill('2023-12-31', '2024-01-02')));
  assert.equal(failure.type, 'SCORES_NO_PARTITION');
  assert.match(failure.message, /2023-12-31/);
  const ref = { ...pair, version: 1, score_date: '2024-01-02', revision: 1 };
  assert.ok((await world.scores.find(ref)) !== undefined);
});

test('carries a bounded account of failed dates from run to run', async () => {
  const [from, to] = ['2022-10-01', '2023-12-31'];
  const handle = await start(
    world,
    'backfillScores',
    backfill(from, to),
    workflowId.backfill(pair, 1, from, to),
  );
  const runs: string[] = [(await handle.describe()).runId];
  const failure = await failureOf(handle);
  assert.match(failure.message, /^457 dates could not be scored \(2022-10-01, /);
  const [details] = failure.details as [{ readonly count: number; readonly dates: readonly string[] }];
  assert.deepEqual([details.count, details.dates.length], [457, 100]);
  for (let run = runs.at(-1); run !== undefined;) {
    const { events } = await world.client.workflow.getHandle(handle.workflowId, run).fetchHistory();
    assert.deepEqual(bigEvents(events), []);
    run = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
    if (run !== undefined) runs.push(run);
  }
  assert.equal(runs.length, 3);
});
