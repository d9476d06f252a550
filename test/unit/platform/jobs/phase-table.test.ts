import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseTable } from '#platform/jobs/phase-table.ts';

const phase = phaseTable('emr', { SUBMITTED: 'pending', RUNNING: 'running', COMPLETED: 'succeeded' });

test("maps a vendor's states to our phases", () => {
  assert.deepEqual(['SUBMITTED', 'RUNNING', 'COMPLETED'].map(phase), ['pending', 'running', 'succeeded']);
});

test('throws on a state that the table lacks, and names the backend, the state and those it knows', () => {
  for (const state of ['CANCEL_PENDING', 'running', '', 'constructor', '__proto__']) {
    assert.throws(() => phase(state), {
      code: 'JOB_STATE_UNKNOWN',
      message: `The job backend "emr" reports the state "${state}", which this version does not know.`,
      details: { backend: 'emr', state, known: ['SUBMITTED', 'RUNNING', 'COMPLETED'] },
    });
  }
});
