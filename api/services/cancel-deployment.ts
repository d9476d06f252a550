import type { CancelDeployment } from '#registry/commands/cancel-deployment.ts';
import type { Deployment } from '#registry/deployments/deployment.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { SIGNALS } from '#workflows/contract/messages.ts';
import { callReconciler, signalIfRunning } from '#workflows/contract/signals.ts';
import type { StartDeps } from '../starts/start-deps.ts';

/**
 * Cancels a scheduled deployment in the registry. Its workflow, if one runs, only learns of it. Throws
 * `DEPLOYMENT_NOT_FOUND`, `DEPLOYMENT_NOT_SCHEDULED`.
 */
export async function cancelDeployment(
  { registry, temporal }: Pick<StartDeps, 'registry' | 'temporal'>,
  command: CancelDeployment,
): Promise<Deployment> {
  const { pair, deployment } = command;
  const cancelled = await registry.cancelDeployment(command);
  await signalIfRunning(temporal, workflowId.deploy(pair, deployment), SIGNALS.deploymentChanged);
  await callReconciler(temporal, pair);
  return cancelled;
}
