import type { WorkflowHandle } from '@temporalio/client';
import { CATALOGUE } from '#errors/catalogue.ts';
import type { WorkflowFailure } from './failure.ts';
import type { HistoryEvent } from './recent-history.ts';
import { instant, messageOfFailure } from './steps.ts';

type Description = Awaited<ReturnType<WorkflowHandle['describe']>>['raw'];

/** Temporal also tries a task again that a worker lost when it stopped; from the third try on it is the code. */
const TRIES_OF_A_LOST_WORKER = 2;

/**
 * Why the workflow does not take its next step: its code fails on every try, which Temporal repeats for ever. A worker of another
 * build than the one that began the run is the usual cause. Undefined if its code works.
 */
export function failingTask(
  { pendingWorkflowTask: task }: Pick<Description, 'pendingWorkflowTask'>,
  events: readonly HistoryEvent[],
): WorkflowFailure | undefined {
  const attempts = task?.attempt ?? 0;
  // Only the first failure of a task is an event. One before the last completed task is over.
  const event = events.findLast(
    (one) =>
      one.workflowTaskFailedEventAttributes != null || one.workflowTaskCompletedEventAttributes != null,
  );
  const failed = event?.workflowTaskFailedEventAttributes;
  if (attempts <= TRIES_OF_A_LOST_WORKER || event === undefined || failed == null) return undefined;
  const { remedy } = CATALOGUE.WORKFLOW_TASK_FAILING;
  const cause = messageOfFailure(failed.failure) ?? 'no reason given';
  return {
    code: 'WORKFLOW_TASK_FAILING',
    message: `The code of the workflow failed ${attempts - 1} times in a row: ${cause}`,
    remedy,
    details: {
      attempts,
      since: instant(event.eventTime),
      worker: failed.identity ?? '',
      ...(failed.workerVersion?.buildId ? { build: failed.workerVersion.buildId } : {}),
    },
  };
}
