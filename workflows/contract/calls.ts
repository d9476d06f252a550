import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Pair } from '#configs/pair.ts';
import { TASK_QUEUES, workflowId } from './ids.ts';
import { SIGNALS } from './messages.ts';
import { searchAttributes } from './search-attributes.ts';

/** Calls from outside workflows, for API and activities. The workflow bundle does not hold this file. */

/** Signal-with-start of the pair's reconciler: to be called after every write to the pair. */
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

/** For a workflow that reads the registry itself sooner or later: a signal to one that is gone changes nothing. */
export async function signalIfRunning(client: Client, id: string, signal: string): Promise<void> {
  try {
    await client.workflow.getHandle(id).signal(signal);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
