import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Pair } from '#registry/pair.ts';
import type { Registry } from '#registry/registry.ts';
import { TASK_QUEUES, workflowId } from '#workflows/ids.ts';
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

/** Tells the lifecycle that waits for a verdict on the version, if there is one, and the pair's reconciler. */
export async function tellJudged(
  client: Client,
  registry: Pick<Registry, 'version'>,
  judged: Pair & { readonly version: number },
): Promise<void> {
  const { model, feature_set, version } = judged;
  const { training_digest, as_of } = await registry.version({ model, feature_set }, version);
  const id = workflowId.lifecycle({ model, feature_set, training_digest, as_of });
  try {
    await client.workflow.getHandle(id).signal(SIGNALS.judged);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  await callReconciler(client, { model, feature_set });
}
