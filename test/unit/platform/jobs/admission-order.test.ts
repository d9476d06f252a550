import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { turnOf, type Admitted, type JobLimits, type WaitingJob } from '#platform/jobs/admission-order.ts';

const NOW = 1_000;

function waiting(key: string, more: Partial<WaitingJob> = {}): WaitingJob {
  return { key, team: 'risk', priority: 3, since: 0, asked_at: NOW, asks_by: NOW, ...more };
}

const limits = (
  in_all: number,
  of_team = 1_000,
  teams: Readonly<Record<string, number>> = {},
): JobLimits => ({
  in_all,
  of_team: (team) => teams[team] ?? of_team,
});

const admitted = (of_team: Readonly<Record<string, number>> = {}): Admitted => ({
  in_all: Object.values(of_team).reduce((sum, count) => sum + count, 0),
  of_team,
});

/** Keys of those whose turn it is, of jobs that all ask in the same state. */
function turns(jobs: readonly WaitingJob[], now: Admitted, most: JobLimits): readonly string[] {
  return jobs.filter((one) => turnOf(one, jobs, now, most, NOW).admitted).map(({ key }) => key);
}

describe('the order of admission', () => {
  it('is by priority, then the team with fewer jobs, then the longest waiting', () => {
    const jobs = [
      waiting('old', { since: 1 }),
      waiting('new', { since: 9 }),
      waiting('urgent', { since: 9, priority: 1 }),
      waiting('other', { since: 9, team: 'core' }),
    ];
    const now = admitted({ risk: 2 });
    const order = [1, 2, 3, 4].map((free) => turns(jobs, now, limits(2 + free)));
    assert.deepEqual(order, [
      ['urgent'],
      ['urgent', 'other'],
      ['old', 'urgent', 'other'],
      ['old', 'new', 'urgent', 'other'],
    ]);
  });

  it('lets teams take turns, however many jobs one of them has', () => {
    const burst = Array.from({ length: 50 }, (_, at) => waiting(`burst-${at}`, { since: at }));
    const few = [1, 2].map((at) => waiting(`few-${at}`, { team: 'core', since: 100 + at }));
    assert.deepEqual(turns([...burst, ...few], admitted(), limits(4)), [
      'burst-0',
      'burst-1',
      'few-1',
      'few-2',
    ]);
  });

  it('leaves no place empty for a team that is at its limit', () => {
    const jobs = [waiting('full', { priority: 1 }), waiting('other', { team: 'core' })];
    assert.deepEqual(turns(jobs, admitted({ risk: 2 }), limits(3, 2)), ['other']);
  });

  it('says what a job waits for, and how many come before it', () => {
    const [first, second, third] = [1, 2, 3].map((at) => waiting(`job-${at}`, { since: at })) as [
      WaitingJob,
      WaitingJob,
      WaitingJob,
    ];
    const all = [first, second, third];
    const turn = (now: Admitted, most: JobLimits) => turnOf(third, all, now, most, NOW);
    assert.deepEqual(turn(admitted({ risk: 2 }), limits(9, 2)), {
      admitted: false,
      full: 'of_team',
      ahead: 2,
    });
    assert.deepEqual(turn(admitted({ core: 2 }), limits(2)), { admitted: false, full: 'in_all', ahead: 2 });
    const others = { admitted: false, full: 'places_for_others', ahead: 2 };
    assert.deepEqual(turn(admitted(), limits(2)), others);
    assert.deepEqual(turn(admitted(), limits(9, 2)), others);
  });

  it('passes over a job that did not ask in time, but not the one that asks now', () => {
    const gone = waiting('gone', { asks_by: NOW - 1 });
    const late = waiting('late', { since: 5, asks_by: NOW - 1 });
    assert.ok(turnOf(late, [gone, late], admitted(), limits(1), NOW).admitted);
  });

  it('fills every free place that a team may take, and no more', () => {
    const team = fc.constantFrom('risk', 'core', 'shop');
    const job = fc.record({ team, priority: fc.integer({ min: 1, max: 5 }), since: fc.nat(20) });
    const counts = fc.record({ risk: fc.nat(4), core: fc.nat(4), shop: fc.nat(4) });
    fc.assert(
      fc.property(
        fc.array(job, { maxLength: 15 }),
        counts,
        fc.nat(14),
        fc.nat(5),
        (some, now, in_all, of_team) => {
          const jobs = some.map((one, at) => waiting(`job-${at}`, one));
          const may = turns(jobs, admitted(now), limits(in_all, of_team));
          const wanted = Object.entries(now).map(([name, count]) =>
            Math.min(Math.max(0, of_team - count), jobs.filter((one) => one.team === name).length),
          );
          const free = Math.max(0, in_all - admitted(now).in_all);
          assert.equal(
            may.length,
            Math.min(
              free,
              wanted.reduce((sum, one) => sum + one, 0),
            ),
          );
        },
      ),
    );
  });
});
