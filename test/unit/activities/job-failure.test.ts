import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobError } from '#activities/job-failure.ts';
import type { JobState } from '#platform/jobs/job-backend.ts';

const JOB = { key: 'job-1', title: 'train risk', resources: { cpu: 1, memoryMiB: 512 } };

function told(state: JobState): readonly [string, string] {
  const { code, message } = jobError(state, JOB);
  return [code, message];
}

const words = (code: string) => JSON.stringify({ code, message: 'only zeros', remedy: 'widen the window' });

test('a job that blames what it was given is believed, code and words', () => {
  const failed = { phase: 'failed', failure: 'user' } as const;
  assert.deepEqual(told({ ...failed, message: words('LABEL_ONE_CLASS') }), [
    'LABEL_ONE_CLASS',
    'train risk: only zeros',
  ]);
  assert.deepEqual(told({ ...failed, message: words('MADE_UP') }), [
    'JOB_REJECTED',
    'train risk: only zeros',
  ]);
  assert.deepEqual(told({ ...failed, message: words('STORE_UNREACHABLE') })[0], 'JOB_REJECTED');
  assert.deepEqual(told({ ...failed, message: 'Traceback …' }), ['JOB_REJECTED', 'train risk: Traceback …']);
  assert.deepEqual(told({ ...failed, message: 'null' }), ['JOB_REJECTED', 'train risk: null']);
});

test('any other end is told by its kind, whatever the job says, because the ladder goes by it', () => {
  for (const [failure, code] of [
    ['transient', 'JOB_TRANSIENT'],
    ['preempted', 'JOB_PREEMPTED'],
    ['out_of_memory', 'JOB_OUT_OF_MEMORY'],
    ['timeout', 'JOB_TIMED_OUT'],
    ['cancelled', 'JOB_CANCELLED'],
    ['crash', 'JOB_CRASHED'],
  ] as const)
    assert.equal(told({ phase: 'failed', failure, message: words('LABEL_ONE_CLASS') })[0], code);
  assert.deepEqual(told({ phase: 'lost' }), ['JOB_LOST', 'train risk: the job left no message']);
});
