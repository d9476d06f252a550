import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/common';
import { findCause, hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';

const cause = (error: unknown) => {
  const found = findCause(error);
  return found && [found.code, found.error.message];
};

function ofActivity(failure: Error): Error {
  return new ActivityFailure(
    'Activity task failed',
    'score',
    '1',
    'MAXIMUM_ATTEMPTS_REACHED',
    'worker',
    failure,
  );
}

function ofChild(failure: Error): Error {
  return new ChildWorkflowFailure('default', { workflowId: 'w', runId: 'r' }, 'score', 'TIMEOUT', failure);
}

describe('the cause of an error', () => {
  it('is the error itself when it carries a code', () => {
    assert.deepEqual(cause(new MillraceError('PAIR_NOT_FOUND', 'No pair.')), ['PAIR_NOT_FOUND', 'No pair.']);
  });

  it('is found under what a client or Temporal put around it', () => {
    const thrown = new Error('client', { cause: new MillraceError('STORE_UNREACHABLE', 'No answer.') });
    assert.deepEqual(cause(thrown), ['STORE_UNREACHABLE', 'No answer.']);
    const failure = ApplicationFailure.nonRetryable('Two rows.', 'CHECK_FAILED');
    assert.deepEqual(cause(ofChild(ofActivity(failure))), ['CHECK_FAILED', 'Two rows.']);
  });

  it('is the code that was chosen last, not the one that it was chosen for', () => {
    const gone = new MillraceError('OBJECT_NOT_FOUND', 'No object.');
    const damaged = new MillraceError('CONFIG_STATE_DAMAGED', 'No configs.', { cause: gone });
    assert.deepEqual(cause(damaged), ['CONFIG_STATE_DAMAGED', 'No configs.']);
    assert.ok(hasCode(damaged, 'CONFIG_STATE_DAMAGED'));
    assert.ok(!hasCode(damaged, 'OBJECT_NOT_FOUND'));
  });

  it('is INTERNAL only when nothing else has a code', () => {
    const known = ApplicationFailure.nonRetryable('Two rows.', 'CHECK_FAILED');
    const bug = ApplicationFailure.create({ type: 'INTERNAL', message: 'bug', cause: known });
    assert.deepEqual(cause(bug), ['CHECK_FAILED', 'Two rows.']);
    const alone = ApplicationFailure.create({ type: 'INTERNAL', message: 'bug', cause: new Error('x') });
    assert.deepEqual(cause(alone), ['INTERNAL', 'bug']);
  });

  it('is absent when no error has a code of the catalogue', () => {
    assert.equal(findCause(ApplicationFailure.nonRetryable('x', 'Elsewhere', new Error('y'))), undefined);
    assert.equal(findCause(Object.assign(new Error('x'), { code: 'ENOENT' })), undefined);
    assert.equal(findCause('text'), undefined);
  });
});
