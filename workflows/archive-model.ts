import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { DeploymentActivities } from '#activities/deployment.ts';
import type { ArchiveInput } from './contract/messages.ts';
import { STORE_OPTIONS, TURNS_OPTIONS } from './options.ts';

const registry = proxyActivities<DeploymentActivities>(STORE_OPTIONS);
const watch = proxyActivities<DeploymentActivities>(TURNS_OPTIONS);

/**
 * Archives a version that is no longer live: waits for scores in flight, writes the last dossier entry, and signals
 * the waiting workflows.
 */
export async function archiveModel(input: ArchiveInput): Promise<void> {
  const { version } = await watch.finishScoresInFlight.executeWithOptions(
    { summary: `Let scores of deployment ${input.deployment} finish` },
    [input],
  );
  await registry.noteArchived.executeWithOptions({ summary: 'Write the last dossier entry' }, [
    { ...input, command_id: workflowInfo().workflowId },
  ]);
  await registry.nudgeReconciler.executeWithOptions({ summary: 'Call the reconciler' }, [input.pair]);
  setCurrentDetails(`Deployment ${input.deployment} (version ${version}) is archived.`);
}
