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

/** Waits for the reconciler's word before the registry itself is asked; each is twice the one before. */
const FIRST_REREAD_MS = 60_000;
const LONGEST_REREAD_MS = 3_600_000;

/**
 * Writes the deployment, waits until it is due, and leaves the promotion to the pair's reconciler. Cancelled before it is
 * live, it takes the deployment back: the registry would go live without this workflow too.
 */
export async function deployModel(input: DeployInput): Promise<DeployResult> {
  let changed = false;
  setHandler(deploymentChanged, () => {
    changed = true;
  });

  // Not to be cancelled half-way: nobody could say whether there is a deployment to take back.
  const { live_at } = await CancellationScope.nonCancellable(() => schedule(input));
  try {
    setCurrentDetails(`Version ${input.version} goes live at ${live_at}`);
    await waitUntil(live_at);
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

/** Once for all runs of this deployment: the command has one id, so a later run gets the first one's answer. */
function schedule(input: DeployInput): Promise<{ readonly live_at: string }> {
  return registry.scheduleDeployment.executeWithOptions({ summary: `Schedule version ${input.version}` }, [
    { ...input, requested_at: now(), command_id: workflowInfo().firstExecutionRunId },
  ]);
}

/** Null while the deployment still waits; then its reconciler is called. */
async function settled({ pair, deployment, version }: DeployInput): Promise<DeployResult | null> {
  const read = { summary: 'Read the deployment' };
  const result = await registry.readDeployment.executeWithOptions(read, [{ pair, deployment }]);
  const { status } = result;
  if (status === 'scheduled') {
    await registry.nudgeReconciler.executeWithOptions({ summary: 'Call the reconciler' }, [pair]);
    return null;
  }
  setCurrentDetails(
    `Version ${version} is ${status}${result.live_from === null ? '' : ` since ${result.live_from}`}`,
  );
  return { ...result, status };
}

function takeBack({ pair, deployment, requested_by }: DeployInput): Promise<void> {
  return registry.takeBackDeployment.executeWithOptions({ summary: 'Take the deployment back' }, [
    { pair, deployment, requested_by, now: now(), command_id: workflowInfo().firstExecutionRunId },
  ]);
}

function now(): string {
  return new Date().toISOString();
}
