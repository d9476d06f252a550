import type { Client } from '@temporalio/client';
import type { Pair } from '#configs/pair.ts';
import type { Registry } from '#registry/registry.ts';
import { callReconciler, signalIfRunning } from '#workflows/contract/calls.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { SIGNALS } from '#workflows/contract/messages.ts';

/** Tells the lifecycle that waits for a verdict on the version, if there is one, and the pair's reconciler. */
export async function tellJudged(
  client: Client,
  registry: Pick<Registry, 'version'>,
  judged: Pair & { readonly version: number },
): Promise<void> {
  const { model, feature_set, version } = judged;
  const { training_digest, as_of } = await registry.version({ model, feature_set }, version);
  const id = workflowId.lifecycle({ model, feature_set, training_digest, as_of });
  await signalIfRunning(client, id, SIGNALS.judged);
  await callReconciler(client, { model, feature_set });
}
