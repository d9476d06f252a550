import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { toFailure } from '#activities/failure.ts';
import { CATALOGUE } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';

function failure(error: unknown): ApplicationFailure {
  const made = toFailure(error);
  assert.ok(made instanceof ApplicationFailure);
  return made;
}

test('an error of the catalogue keeps its code, place, remedy and facts, and is not tried again', () => {
  const made = failure(new MillraceError('CHECK_FAILED', '3 rows', { where: 'a.sql', details: { rows: 3 } }));
  assert.deepEqual([made.type, made.message, made.nonRetryable], ['CHECK_FAILED', '3 rows', true]);
  assert.deepEqual(made.details, [{ where: 'a.sql', remedy: CATALOGUE.CHECK_FAILED.remedy, rows: 3 }]);
});

test('an outage is tried again, after the time that the answer names', () => {
  const outage = failure(new MillraceError('STORE_UNREACHABLE', 'no answer', { retryAfterMs: 5000 }));
  assert.deepEqual([outage.nonRetryable, outage.nextRetryDelay], [false, 5000]);
});

test('an error of the catalogue is found under what a client library wrapped around it', () => {
  const cause = new MillraceError('STORE_UNREACHABLE', 'no answer');
  const wrapped = new Error('Error thrown by DynamoDB client', { cause: new Error('again', { cause }) });
  assert.deepEqual([failure(wrapped).type, failure(wrapped).nonRetryable], ['STORE_UNREACHABLE', false]);
});

test('a bug is INTERNAL and final; an unknown error is INTERNAL and tried again', () => {
  assert.deepEqual(
    [new TypeError('x'), new RangeError('x'), new Error('x'), 'x'].map((error) => {
      const { type, nonRetryable } = failure(error);
      return [type, nonRetryable];
    }),
    [
      ['INTERNAL', true],
      ['INTERNAL', true],
      ['INTERNAL', false],
      ['INTERNAL', false],
    ],
  );
});

test('cancellation and failures that are made already pass as they are; a long message is cut', () => {
  const cancelled = new CancelledFailure('stop');
  assert.equal(toFailure(cancelled), cancelled);
  const made = ApplicationFailure.nonRetryable('done', 'JOB_REJECTED');
  assert.equal(toFailure(made), made);
  assert.equal(failure(new Error('x'.repeat(9000))).message.length, 8001);
});
