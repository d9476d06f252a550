import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ErrorCode } from '#errors/catalogue.ts';
import { FIRST_RUNG, nextRung, type Rung } from '#workflows/job-ladder.ts';

const FAILURES = [
  'JOB_REJECTED',
  'JOB_INPUT_BROKEN',
  'JOB_TRANSIENT',
  'JOB_PREEMPTED',
  'JOB_OUT_OF_MEMORY',
  'JOB_TIMED_OUT',
  'JOB_CANCELLED',
  'JOB_CRASHED',
  'JOB_LOST',
  'JOB_NOT_STARTED',
  'INTERNAL',
  undefined,
] as const;

test('what may be tried after which failure', () => {
  const cases: readonly (readonly [ErrorCode | undefined, Rung | undefined])[] = [
    ['JOB_REJECTED', undefined],
    ['JOB_INPUT_BROKEN', undefined],
    ['JOB_TIMED_OUT', undefined],
    ['JOB_CANCELLED', undefined],
    ['JOB_CRASHED', undefined],
    ['INTERNAL', undefined],
    [undefined, undefined],
    ['JOB_TRANSIENT', { attempt: 2, memoryStep: 0 }],
    ['JOB_PREEMPTED', { attempt: 2, memoryStep: 0 }],
    ['JOB_LOST', { attempt: 2, memoryStep: 0 }],
    ['JOB_NOT_STARTED', { attempt: 2, memoryStep: 0 }],
    ['JOB_OUT_OF_MEMORY', { attempt: 1, memoryStep: 1 }],
  ];
  for (const [failure, next] of cases) assert.deepEqual(nextRung(failure, FIRST_RUNG, 2), next, failure);
});

test('whatever befalls a job, no rung is tried twice and the ladder ends', () => {
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.constantFrom(...FAILURES)),
      fc.integer({ min: 0, max: 4 }),
      (failures, steps) => {
        const tried = new Set<string>();
        let rung: Rung | undefined = FIRST_RUNG;
        for (const failure of failures) {
          const name = `${rung.attempt}/${rung.memoryStep}`;
          assert.ok(!tried.has(name), `${name} is tried twice`);
          tried.add(name);
          assert.ok(rung.memoryStep <= steps && rung.attempt <= 4);
          rung = nextRung(failure, rung, steps);
          if (rung === undefined) return;
        }
      },
    ),
  );
});
