import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobsAtOnce } from '#platform/jobs/process/jobs-at-once.ts';

const GiB = 1024 ** 3;

test('runs one job for each core, as far as the memory reaches, and at least one', () => {
  const cases = [
    [2, 16, 2],
    [16, 16, 8],
    [8, 3, 1],
    [1, 1, 1],
    [64, 256, 64],
  ] as const;
  for (const [cores, gib, jobs] of cases) assert.equal(jobsAtOnce(cores, gib * GiB), jobs);
});
