import type { Client } from '@temporalio/client';
import { hasCode } from '#errors/cause.ts';
import type { DeploymentOutcome } from '#registry/deployments/deployment.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { Pair } from '#configs/pair.ts';
import type { Registry } from '#registry/registry.ts';
import { TASK_QUEUES, workflowId } from '#workflows/contract/ids.ts';
import type { ArchiveInput, ConfigsDigest, Fate } from '#workflows/contract/messages.ts';
import { callReconciler } from '#workflows/contract/signals.ts';
import { chosenConfigs } from './chosen-configs.ts';
import { fateOf } from './version-fate.ts';
import { awaitEnds, ensureRun } from './shared-runs.ts';

export interface DeploymentDeps {
  readonly client: Client;
  readonly configs: ConfigStore;
  readonly registry: Registry;
}

interface Named {
  readonly pair: Pair;
  readonly deployment: number;
}

/** Who cancels in the Temporal UI. */
const SOMEBODY = 'temporal';
const CANCELLED = 'The workflow that waited for it was cancelled in Temporal, which does not say by whom.';

export type DeploymentActivities = ReturnType<typeof createDeploymentActivities>;

export function createDeploymentActivities({ client, configs, registry }: DeploymentDeps) {
  async function readDeployment({ pair, deployment }: Named): Promise<DeploymentOutcome> {
    // In this order: if it goes live in between, the second read also sees the end of the deployment that it replaced.
    const found = await registry.deployment(pair, deployment);
    return registry.outcome(found);
  }

  /** Cancels a deployment that has not gone live; no-op for one that is live or already ended. */
  async function takeBackDeployment(input: Named & { readonly command_id: string }): Promise<void> {
    const { pair, deployment, command_id: commandId } = input;
    const { status, requested_by } = await registry.deployment(pair, deployment);
    if (status !== 'scheduled') return;
    const reason = `${CANCELLED} ${requested_by} had requested the deployment.`;
    try {
      await registry.cancelDeployment({ pair, deployment, principal: SOMEBODY, reason, commandId });
    } catch (error) {
      // It went live in the meantime.
      if (hasCode(error, 'DEPLOYMENT_NOT_SCHEDULED')) return;
      throw error;
    }
    await callReconciler(client, pair);
  }

  return {
    readDeployment,

    /** Has a registered version deployed as soon as it is approved, on the terms of the model in the configs that the run was started with. */
    async orderDeployment(input: {
      readonly pair: Pair;
      readonly version: number;
      readonly configs: ConfigsDigest;
      readonly requested_by: string;
      readonly command_id: string;
    }): Promise<void> {
      const { pair, version, requested_by, command_id: commandId } = input;
      const { model } = await chosenConfigs(configs, input.configs, pair);
      const order = { terms: model.deploy, requested_by };
      await registry.orderDeployment({ pair, version, order, commandId });
      await callReconciler(client, pair);
    },

    /** Takes back the order to deploy a version, or the deployment that carries it out, unless it is live. */
    async takeBackOrder(input: {
      readonly pair: Pair;
      readonly version: number;
      readonly command_id: string;
    }): Promise<void> {
      const { pair, version, command_id } = input;
      const by = { principal: SOMEBODY, reason: CANCELLED, commandId: command_id };
      const { withdrawn } = await registry.withdrawOrder({ pair, version, ...by });
      if (withdrawn) await callReconciler(client, pair);
      const { scheduled } = await registry.state(pair);
      for (const { deployment } of scheduled.filter((one) => one.version === version)) {
        const { on_approval } = await registry.deployment(pair, deployment);
        if (on_approval === true) await takeBackDeployment({ pair, deployment, command_id });
      }
    },

    /** What has become of a version that is to be deployed once it is approved. */
    async readFate({ pair, version }: { readonly pair: Pair; readonly version: number }): Promise<Fate> {
      return fateOf(registry, pair, version);
    },

    takeBackDeployment,

    async nudgeReconciler(pair: Pair): Promise<void> {
      await callReconciler(client, pair);
    },

    /**
     * Waits for the scores of the deployment's version that were in flight when it was archived, so that readers get
     * whole days.
     */
    async finishScoresInFlight({ pair, deployment }: ArchiveInput): Promise<{ readonly version: number }> {
      const { version } = await registry.deployment(pair, deployment);
      const prefix = `score/${pair.model}/${pair.feature_set}/v${version}/`;
      const query = `WorkflowId STARTS_WITH '${prefix}' AND ExecutionStatus = 'Running'`;
      await awaitEnds(client, () => client.workflow.list({ query }));
      return { version };
    },

    async noteArchived(input: ArchiveInput & { readonly command_id: string }): Promise<void> {
      const { pair, deployment, command_id: commandId } = input;
      await registry.noteArchived({ pair, deployment, commandId });
    },

    async ensureArchived({ pair, deployment }: Named): Promise<void> {
      const { ended } = await registry.state(pair);
      if (!ended.some((one) => one.deployment === deployment)) return;
      const { version } = await registry.deployment(pair, deployment);
      await ensureRun<(input: ArchiveInput) => Promise<void>>(client, 'archiveModel', {
        taskQueue: TASK_QUEUES.lifecycle,
        workflowId: workflowId.archive(pair, deployment),
        args: [{ pair, deployment }],
        staticSummary: `Archive version ${version} of ${pair.model}`,
      });
    },
  };
}
