import {
  condition,
  defineSignal,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { DeploymentActivities } from '#activities/deployment.ts';
import { SIGNALS, type DeployInput, type DeployResult } from './messages.ts';
import { STORE_OPTIONS } from './options.ts';

export const deploymentChanged = defineSignal(SIGNALS.deploymentChanged);

const registry = proxyActivities<DeploymentActivities>(STORE_OPTIONS);

/** Longest wait for the reconciler's word before the registry itself is asked. */
const REREAD = '1 minute';

/** Writes the deployment, waits until it is due, and leaves the promotion to the pair's reconciler. */
export async function deployModel(input: DeployInput): Promise<DeployResult> {
  let changed = false;
  setHandler(deploymentChanged, () => {
    changed = true;
  });

  const scheduled = await registry.scheduleDeployment.executeWithOptions(
    { summary: `Schedule version ${input.version}` },
    [{ ...input, requested_at: now(), command_id: workflowInfo().firstExecutionRunId }],
  );
  setCurrentDetails(`Version ${input.version} goes live at ${scheduled.live_at}`);
  await waitUntil(scheduled.live_at);

  for (;;) {
    changed = false;
    await registry.nudgeReconciler.executeWithOptions({ summary: 'Call the reconciler' }, [input.pair]);
    await condition(() => changed, REREAD);
    const result = await registry.readDeployment.executeWithOptions({ summary: 'Read the deployment' }, [
      { pair: input.pair, deployment: input.deployment },
    ]);
    if (result.status !== 'scheduled') {
      setCurrentDetails(`Version ${input.version} is ${result.status} since ${result.live_from ?? 'never'}`);
      return { ...result, status: result.status };
    }
  }

  async function waitUntil(due: string): Promise<void> {
    const wait = Date.parse(due) - Date.now();
    if (wait > 0)
      await Promise.race([sleep(wait, { summary: `Go live at ${due}` }), condition(() => changed)]);
  }
}

function now(): string {
  return new Date().toISOString();
}
