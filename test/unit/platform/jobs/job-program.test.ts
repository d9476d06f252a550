import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobDigest, type JobSpec } from '#platform/jobs/job-program.ts';
import { commandJob } from '#test/support/command-jobs.ts';

const SPEC = commandJob(['true']);
const digestWith = (change: Partial<JobSpec>): string => jobDigest({ ...SPEC, ...change });

test('the digest covers what a job does', () => {
  const changes: readonly Partial<JobSpec>[] = [
    { program: 'other' },
    { role: 'other' },
    { input: { ...SPEC.input, sha256: '1'.repeat(64) } },
    { output: 's3://test/elsewhere/' },
    { resources: { cpu: 2, memoryMiB: 256 } },
    { resources: { cpu: 1, memoryMiB: 512 } },
    { timeoutSeconds: 61 },
  ];
  const digests = changes.map(digestWith);
  assert.equal(new Set([jobDigest(SPEC), ...digests]).size, changes.length + 1);
});

test('the digest leaves out names for people, the version of the code, and where the input lies', () => {
  const changes: readonly Partial<JobSpec>[] = [
    { title: 'other' },
    { labels: { team: 'risk' } },
    { version: '2' },
    { input: { ...SPEC.input, uri: 's3://test/copy.json' } },
  ];
  for (const change of changes) assert.equal(digestWith(change), jobDigest(SPEC));
});
