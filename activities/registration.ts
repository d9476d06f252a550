import type { Client } from '@temporalio/client';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { Registry } from '#registry/registry.ts';
import type { TrainingStore } from '#training/store.ts';
import type { RegisteredVersion, RegisterInput } from '#workflows/contract/messages.ts';
import { authorshipOf } from './authorship.ts';
import { chosenConfigs } from './chosen-configs.ts';
import { callReconciler } from '#workflows/contract/signals.ts';
import { writeVersionCard, type WrittenCard } from './version-card.ts';
import { runIdentity } from './run-identity.ts';

export interface RegistrationDeps {
  readonly client: Client;
  readonly configs: ConfigStore;
  readonly objects: ObjectStore;
  readonly partitions: PartitionStore;
  readonly registry: Registry;
  readonly trainings: TrainingStore;
}

export interface CommitVersionInput extends RegisterInput {
  readonly card: WrittenCard;
  readonly command_id: string;
}

export type RegistrationActivities = ReturnType<typeof createRegistrationActivities>;

export function createRegistrationActivities(deps: RegistrationDeps) {
  return {
    async writeCard(input: RegisterInput): Promise<WrittenCard> {
      const chosen = await chosenConfigs(deps.configs, input.configs, input.key);
      const training = await deps.trainings.read(input.manifest);
      return writeVersionCard(deps, { chosen, training });
    },

    async commitVersion(input: CommitVersionInput): Promise<RegisteredVersion> {
      const chosen = await chosenConfigs(deps.configs, input.configs, input.key);
      const pair = { model: input.key.model, feature_set: input.key.feature_set };
      const { workflow_id, run_id } = runIdentity();
      const training = await deps.trainings.read(input.manifest);
      const version = await deps.registry.registerVersion({
        pair,
        authorship: await authorshipOf(deps, {
          pair,
          configs: input.configs,
          riskTier: chosen.model.risk_tier,
          requestedBy: [
            training.requested_by,
            input.requested_by,
            ...(training.origin === undefined ? [] : [training.origin.uploaded_by]),
          ],
        }),
        riskTier: chosen.model.risk_tier,
        training,
        manifest: input.manifest,
        card: input.card,
        commandId: input.command_id,
        workflow: { id: workflow_id, runId: run_id },
        ...(input.deploy && { order: { terms: chosen.model.deploy, requested_by: input.requested_by } }),
      });
      await callReconciler(deps.client, pair);
      const ordered = input.deploy === true && version.registered_by.run_id === run_id;
      return {
        version: version.version,
        card_missing: version.card_missing,
        ...(ordered ? { ordered } : {}),
      };
    },
  };
}
