import { CancellationScope, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { RegistrationActivities } from '#activities/registration.ts';
import type { RegisteredVersion, RegisterInput } from './contract/messages.ts';
import { STORE_OPTIONS } from './options.ts';

const registry = proxyActivities<RegistrationActivities>(STORE_OPTIONS);

/** Verifies every artifact, then commits a training as the pair's next version, with card and dossier entry. */
export async function registerModel(input: RegisterInput): Promise<RegisteredVersion> {
  const card = await registry.writeCard.executeWithOptions({ summary: 'Write the model card' }, [input]);
  // Not cancellable: after a cancellation here, nobody would know of the version, and of the order that came with it.
  return CancellationScope.nonCancellable(() =>
    registry.commitVersion.executeWithOptions({ summary: 'Verify artifacts, commit the next version' }, [
      { ...input, card, command_id: workflowInfo().workflowId },
    ]),
  );
}
