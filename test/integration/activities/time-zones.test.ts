import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { ensureScoringSchedule } from '#activities/scoring-schedule.ts';
import list from '#configs/time-zones.json' with { type: 'json' };
import { tools } from '#local/tools.ts';
import { addDays } from '#features/calendar.ts';
import { scoreDateOfTick, ticksOf } from '#scoring/ticks.ts';
import { CLOCK_CHANGES } from '#test/support/clock-changes.ts';
import { freshPair } from '#test/support/registry.ts';
import { forThisFile } from '#test/support/stores.ts';
import { freshNamespace } from '#test/support/temporal.ts';
import { scheduleId } from '#workflows/contract/ids.ts';

const { temporal, namespace } = await forThisFile(freshNamespace());
const START = '2026-01-01T00:00:00.000Z';

/** The scoring schedule of a new pair; gives the instants `[from, to]` at which Temporal itself says it would start a run. */
async function scheduled(schedule: string, timezone: string) {
  const pair = freshPair();
  await ensureScoringSchedule(temporal, pair, { scheduler: 'temporal', schedule, timezone, start: START });
  return async (from: string, to: string): Promise<string[]> => {
    const { startTime } = await temporal.workflowService.listScheduleMatchingTimes({
      namespace,
      scheduleId: scheduleId.score(pair),
      // The server leaves out the start itself.
      startTime: { seconds: (Date.parse(from) / 1_000 - 1) as never },
      endTime: { seconds: (Date.parse(to) / 1_000) as never },
    });
    return startTime.map(({ seconds }) => new Date(Number(seconds) * 1_000).toISOString());
  };
}

describe('time zones of the list', () => {
  it('are accepted by the Temporal server, all of them', async () => {
    const limit = pLimit(16);
    const daily = (zone: string) => limit(async () => (await scheduled('0 5 * * *', zone))(START, START));
    await Promise.all(list.zones.map(daily));
  });

  it('are known to Python by their names', async () => {
    const program = 'import sys, zoneinfo; [zoneinfo.ZoneInfo(name) for name in sys.argv[1:]]';
    await promisify(execFile)(tools.python, ['-c', program, ...list.zones]);
  });
});

describe('a Temporal schedule around a change of the clocks', () => {
  for (const { name, schedule, timezone, ticks } of CLOCK_CHANGES) {
    it(`scores the same days as Airflow for ${name}`, async () => {
      const matching = await scheduled(schedule, timezone);
      const [first = ['']] = ticks;
      const found = await matching(first[0], ticks.at(-1)?.[0] ?? '');
      const scored = found.flatMap((at) => {
        const day = scoreDateOfTick(schedule, timezone, at);
        return day === null ? [] : [{ at: at.replace('.000Z', 'Z'), day }];
      });
      assert.deepEqual([...new Set(scored.map(({ day }) => day))], [...new Set(ticks.map(([, day]) => day))]);
      const known = new Set(ticks.map(([at]) => at));
      assert.ok(scored.every(({ at }) => known.has(at)));
    });
  }

  for (const [schedule, timezone] of [
    ['30 2 * * *', 'Europe/Berlin'],
    ['30 1 * * *', 'America/New_York'],
    ['0 0 * * *', 'America/Havana'],
    ['30 23 * * *', 'America/Nuuk'],
    ['45 1 * * *', 'Australia/Lord_Howe'],
  ] as const) {
    it(`scores each day of two years once: ${schedule} in ${timezone}`, async () => {
      const dates = Array.from({ length: 730 }, (_, day) => addDays('2026-06-01', day));
      const expected = dates.flatMap((date) => ticksOf(schedule, timezone, date));
      const matching = await scheduled(schedule, timezone);
      const found = await matching(expected[0]?.at ?? '', expected.at(-1)?.at ?? '');
      assert.deepEqual(
        found
          .map((at) => ({ at, score_date: scoreDateOfTick(schedule, timezone, at) }))
          .filter(({ score_date }) => score_date !== null),
        expected,
      );
    });
  }
});
