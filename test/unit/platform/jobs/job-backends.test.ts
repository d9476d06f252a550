import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJobBackends } from '#platform/jobs/job-backends.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import { commandLauncher } from '#test/support/command-jobs.ts';

const backend = () => createProcessJobBackend({ root: '/nowhere', launcher: commandLauncher() });

test('finds a backend by the name that a record holds', () => {
  const process = backend();
  const backends = createJobBackends(process);
  assert.equal(backends.preferred, process);
  assert.equal(backends.named('process'), process);
});

test('names the backends that there are where a record names another one', () => {
  assert.throws(() => createJobBackends(backend()).named('kubernetes'), {
    code: 'JOB_BACKEND_UNKNOWN',
    message: 'This process has no job backend "kubernetes"; it has "process".',
  });
});

test('refuses two backends of one name', () => {
  assert.throws(() => createJobBackends(backend(), backend()), TypeError);
});
