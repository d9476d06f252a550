import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import { createProcessLauncher } from '#platform/jobs/process/process-launcher.ts';
import { commandJob } from '#test/support/command-jobs.ts';

const env = readEnvironment({
  MILLRACE_PYTHON: '/opt/python',
  MILLRACE_S3_ENDPOINT: 'http://127.0.0.1:8333',
  MILLRACE_API_KEY: 'secret',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'key',
});
const trainer = commandJob([], { program: 'millrace_trainer', resources: { cpu: 4, memoryMiB: 512 } });

test('runs the trainer by the Python of this machine, with the store, its keys and as many threads as it has cores', () => {
  assert.deepEqual(createProcessLauncher(env)(trainer), {
    command: ['/opt/python', '-m', 'millrace_trainer'],
    env: {
      MILLRACE_S3_ENDPOINT: 'http://127.0.0.1:8333',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
      OMP_NUM_THREADS: '4',
    },
  });
});

test('refuses a program that is not installed here, whatever else Python could run', () => {
  for (const program of ['http', 'pip', 'millrace_other']) {
    assert.throws(() => createProcessLauncher(env)({ ...trainer, program }), {
      code: 'JOB_SPEC_INVALID',
      message: `This job backend cannot run the program "${program}".`,
    });
  }
});
