import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { DeploymentActivities } from '#activities/deployment.ts';
import { SIGNALS, type DeployInput, type DeployResult } from './contract/messages.ts';
import { STORE_OPTIONS } from './options.ts';

export const deploymentChanged = defineSignal(SIGNALS.deploymentChanged);

const registry = proxyActivities<DeploymentActivities>(STORE_OPTIONS);

/** How long to wait for the reconciler's signal before polling the registry; each wait is twice the previous one. */
const FIRST_REREAD_MS = 60_000;
const LONGEST_REREAD_MS = 3_600_000;

/**
 * Waits until a deployment is due, and leaves the promotion to the pair's reconciler. If cancelled before the deployment is
 * live, it withdraws the deployment, because the reconciler would otherwise promote it without this workflow.
 */
export async function deployModel(input: DeployInput): Promise<DeployResult> {
  let changed = false;
  setHandler(deploymentChanged, () => {
    changed = true;
  });

  try {
    setCurrentDetails(`Version ${input.version} goes live at ${input.live_at}`);
    await waitUntil(input.live_at);
    for (let patience = FIRST_REREAD_MS; ; patience = Math.min(2 * patience, LONGEST_REREAD_MS)) {
      changed = false;
      const result = await settled(input);
      if (result !== null) return result;
      if (workflowInfo().continueAsNewSuggested) return await continueAsNew<typeof deployModel>(input);
      await condition(() => changed, patience, { summary: 'Wait for the reconciler' });
    }
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => takeBack(input));
    throw error;
  }

  async function waitUntil(due: string): Promise<void> {
    const wait = Date.parse(due) - Date.now();
    if (wait > 0)
      await Promise.race([sleep(wait, { summary: `Go live at ${due}` }), condition(() => changed)]);
  }
}

/** Null while the deployment is still scheduled; then the reconciler is called. */
async function settled({ pair, deployment }: DeployInput): Promise<DeployResult | null> {
  const read = { summary: 'Read the deployment' };
  const result = await registry.readDeployment.executeWithOptions(read, [{ pair, deployment }]);
  const { status, version } = result;
  if (status === 'scheduled') {
    await registry.nudgeReconciler.executeWithOptions({ summary: 'Call the reconciler' }, [pair]);
    return null;
  }
  setCurrentDetails(
    `Version ${version} is ${status}${result.live_from === null ? '' : ` since ${result.live_from}`}`,
  );
  return { ...result, status };
}

function takeBack({ pair, deployment }: DeployInput): Promise<void> {
  return registry.takeBackDeployment.executeWithOptions({ summary: 'Take the deployment back' }, [
    { pair, deployment, command_id: workflowInfo().firstExecutionRunId },
  ]);
}
