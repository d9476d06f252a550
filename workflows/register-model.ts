import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { RegistryActivities } from '#activities/registration.ts';
import type { RegisteredVersion, RegisterInput } from './messages.ts';
import { STORE_OPTIONS } from './options.ts';

const registry = proxyActivities<RegistryActivities>(STORE_OPTIONS);

/** Verifies a training's artifacts and commits them as the pair's next version, with card and dossier entry. */
export async function registerModel(input: RegisterInput): Promise<RegisteredVersion> {
  await registry.verifyTraining.executeWithOptions({ summary: 'Verify every artifact by SHA-256' }, [input]);
  const card = await registry.writeCard.executeWithOptions({ summary: 'Write the model card' }, [input]);
  return registry.commitVersion.executeWithOptions({ summary: 'Commit the next version' }, [
    { ...input, card, command_id: workflowInfo().workflowId },
  ]);
}
