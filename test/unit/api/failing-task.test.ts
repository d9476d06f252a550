import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failingTask } from '#api/workflows/failing-task.ts';
import type { HistoryEvent } from '#api/workflows/recent-history.ts';

const failed = {
  workflowTaskFailedEventAttributes: { failure: { message: 'Nondeterminism error' }, identity: 'worker-1' },
} as unknown as HistoryEvent;
const completed = { workflowTaskCompletedEventAttributes: {} } as unknown as HistoryEvent;
const trying = (attempt: number) => ({ pendingWorkflowTask: { attempt } });

test('explains a task whose code has failed since its last step, from the third try on', () => {
  assert.match(
    failingTask(trying(3), [completed, failed])?.message ?? '',
    /2 times in a row: Nondeterminism/,
  );
  assert.equal(failingTask(trying(2), [completed, failed]), undefined);
  assert.equal(failingTask({ pendingWorkflowTask: null }, [failed]), undefined);
});

test('does not blame an error that is over for tries that workers have lost', () => {
  assert.equal(failingTask(trying(5), [failed, completed]), undefined);
});
