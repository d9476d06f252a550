import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure, DefaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import * as fc from 'fast-check';
import { toFailure } from '#activities/failure.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { messageBytes } from '#test/support/history-size.ts';

const failures = new DefaultFailureConverter();

/** Bytes of the error as it stands in a history. */
function encodedBytes(error: Error): number {
  return messageBytes(failures.errorToFailure(error, defaultPayloadConverter));
}

const LIMIT = 32 * 1024;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .tuple(fc.constantFrom('x', '\u0000', '"', 'é', '漢', '😀', '\ud83d', 'a\n    at b\n'), fc.nat(15_000))
    .map(([unit, times]) => unit.repeat(times)),
);
const facts = fc.dictionary(text, fc.oneof(text, fc.array(text, { maxLength: 10 }), fc.jsonValue()), {
  maxKeys: 5,
});

/** An error with causes below it, each as nasty as it can be. */
const nasty: fc.Arbitrary<Error> = fc
  .array(fc.record({ message: text, stack: text, details: facts, kind: fc.nat(3) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((levels) =>
    levels.reduce<Error | undefined>((cause, { message, stack, details, kind }) => {
      const options = cause === undefined ? {} : { cause };
      const made = [
        () => new Error(message, options),
        () => new MillraceError('CHECK_FAILED', message, { details, where: message, ...options }),
        () => ApplicationFailure.create({ message, type: message, details: [details], ...options }),
        () => new TypeError(message, options),
      ][kind]?.();
      return Object.assign(made ?? new Error(message), { stack });
    }, undefined),
  )
  .map((error) => error ?? new Error('none'));

test('keeps every failure below 32 KB, whatever its causes, details, stacks and characters', () => {
  fc.assert(
    fc.property(nasty, (error) => {
      const failure = toFailure(error);
      assert.ok(failure instanceof ApplicationFailure);
      const bytes = encodedBytes(failure);
      assert.ok(bytes < LIMIT, `${bytes} bytes`);
    }),
    { numRuns: 150 },
  );
});

test('keeps the code, the place and the remedy of a failure whose facts are too long, and names what it left out', () => {
  const rows = Array.from({ length: 5_000 }, (_, row) => `row ${row}`);
  const details = { rows, sql: 'x'.repeat(20_000), count: 5_000 };
  const failure = toFailure(new MillraceError('CHECK_FAILED', 'too many', { where: 'a.sql', details }));
  assert.ok(failure instanceof ApplicationFailure);
  const [kept] = failure.details as [Record<string, unknown>];
  assert.equal(failure.type, 'CHECK_FAILED');
  assert.equal(kept['where'], 'a.sql');
  assert.equal(typeof kept['remedy'], 'string');
  assert.equal(kept['count'], 5_000);
  assert.ok(Array.isArray(kept['rows']) && kept['rows'].length > 10);
  assert.equal(kept['left_out'], 'rows, sql');
});

test('keeps a failure made elsewhere with its delay, and shortens only what is long', () => {
  const made = ApplicationFailure.create({
    message: 'y'.repeat(100_000),
    type: 'STORE_UNREACHABLE',
    nextRetryDelay: 3_000,
    details: [{ where: 'here' }],
  });
  const failure = toFailure(made);
  assert.ok(failure instanceof ApplicationFailure);
  assert.equal(failure.message.length, 8_001);
  assert.deepEqual(
    [failure.type, failure.nextRetryDelay, failure.details],
    ['STORE_UNREACHABLE', 3_000, [{ where: 'here' }]],
  );
});

test('ends a circular chain of causes, and accepts facts that JSON cannot hold', () => {
  const first = new Error('first');
  first.cause = new Error('second', { cause: first });
  assert.ok(encodedBytes(toFailure(first)) < LIMIT);
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const failure = toFailure(new MillraceError('CHECK_FAILED', 'x', { details: { circular, big: 1n } }));
  assert.ok(encodedBytes(failure) < LIMIT);
});
