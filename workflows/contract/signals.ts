import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Pair } from '#configs/pair.ts';
import type { Version } from '#registry/versions/version.ts';
import { TASK_QUEUES, workflowId } from './ids.ts';
import { SIGNALS, type DeployInput } from './messages.ts';
import { searchAttributes } from './search-attributes.ts';

/** Signals sent by the API and activities, outside workflow code. The workflow bundle does not include this file. */

/** Signal-with-start of the pair's reconciler; call it after every write to the pair. */
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

/** Starts the workflow that waits for a deployment, unless it runs or has ended. */
export async function startDeployment(client: Client, input: DeployInput): Promise<void> {
  const { pair, version, deployment } = input;
  try {
    await client.workflow.start('deployModel', {
      workflowId: workflowId.deploy(pair, deployment),
      taskQueue: TASK_QUEUES.lifecycle,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      staticSummary: `Deploy version ${version} of ${pair.model}`,
      typedSearchAttributes: searchAttributes({ ...pair, version }),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Signals a workflow that also polls the registry, so a signal to an ended workflow is a no-op. */
export async function signalIfRunning(client: Client, id: string, signal: string): Promise<void> {
  try {
    await client.workflow.getHandle(id).signal(signal);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** Signals the lifecycle of the version, if it is running, and the reconciler of the pair. */
export async function signalChanged(
  client: Client,
  registry: VersionReader,
  changed: Pair & { readonly version: number },
): Promise<void> {
  const pair = { model: changed.model, feature_set: changed.feature_set };
  await signalLifecycle(client, registry, pair, changed.version);
  await callReconciler(client, pair);
}

/** Signals the lifecycle of the version, if it is running. */
export async function signalLifecycle(
  client: Client,
  registry: VersionReader,
  pair: Pair,
  version: number,
): Promise<void> {
  const { training_digest, as_of } = await registry.version(pair, version);
  const { model, feature_set } = pair;
  await signalIfRunning(
    client,
    workflowId.lifecycle({ model, feature_set, training_digest, as_of }),
    SIGNALS.versionChanged,
  );
}

export interface VersionReader {
  version(pair: Pair, version: number): Promise<Version>;
}
