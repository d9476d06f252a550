import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Pair } from '#registry/pair.ts';
import { TASK_QUEUES, workflowId, type TrainingKey } from '#workflows/ids.ts';
import { SIGNALS } from '#workflows/messages.ts';
import { searchAttributes } from '#workflows/search-attributes.ts';

/** Signal-with-start of the pair's reconciler, after a write to the pair. */
export async function callReconciler(client: Client, pair: Pair): Promise<void> {
  await client.workflow.signalWithStart('reconcilePair', {
    workflowId: workflowId.reconcile(pair),
    taskQueue: TASK_QUEUES.lifecycle,
    args: [{ pair }],
    signal: SIGNALS.pairChanged,
    signalArgs: [],
    staticSummary: `Reconcile ${pair.model} on ${pair.feature_set}`,
    typedSearchAttributes: searchAttributes(pair),
  });
}

/** Tells the lifecycle that waits for a verdict, if there is one. */
export async function tellLifecycle(client: Client, key: TrainingKey): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId.lifecycle(key)).signal(SIGNALS.judged);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
