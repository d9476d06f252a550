import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localJobState, localState, type LocalFacts } from '#platform/jobs/process/local-state.ts';

const NOTHING: LocalFacts = { submitted: false, cancelled: false, supervisor: 'none' };
const SUBMITTED: LocalFacts = { ...NOTHING, submitted: true };
const job = { pid: 1, token: 'boot:1', startedAt: '2026-01-01T00:00:00.000Z' };

const cases: readonly (readonly [LocalFacts, state: string, phase: string])[] = [
  [NOTHING, 'absent', 'lost'],
  [SUBMITTED, 'submitted', 'pending'],
  [{ ...NOTHING, cancelled: true }, 'withdrawn', 'failed'],
  [{ ...SUBMITTED, cancelled: true }, 'withdrawn', 'failed'],
  [{ ...SUBMITTED, supervisor: 'running' }, 'claimed', 'pending'],
  [{ ...SUBMITTED, supervisor: 'running', job }, 'started', 'running'],
  [{ ...SUBMITTED, supervisor: 'gone', job }, 'abandoned', 'running'],
  [{ ...SUBMITTED, supervisor: 'gone', outcome: { phase: 'succeeded' } }, 'succeeded', 'succeeded'],
  [{ ...SUBMITTED, supervisor: 'running', outcome: { phase: 'failed' } }, 'failed', 'failed'],
  [{ ...SUBMITTED, supervisor: 'gone', outcome: { phase: 'lost' } }, 'lost', 'lost'],
];

for (const [facts, state, phase] of cases) {
  test(`reads ${JSON.stringify(facts)} as ${state}, which is ${phase}`, () => {
    assert.equal(localState(facts), state);
    assert.equal(localJobState(facts).phase, phase);
  });
}

test('says since when a job runs, and why one was never started', () => {
  assert.deepEqual(localJobState({ ...SUBMITTED, supervisor: 'running', job }), {
    phase: 'running',
    startedAt: job.startedAt,
  });
  assert.equal(localJobState({ ...SUBMITTED, cancelled: true }).failure, 'cancelled');
});

test('throws on an outcome of a phase that this version does not know', () => {
  const outcome = { phase: 'paused' as 'failed' };
  assert.throws(() => localJobState({ ...SUBMITTED, supervisor: 'gone', outcome }), {
    code: 'JOB_STATE_UNKNOWN',
  });
});
