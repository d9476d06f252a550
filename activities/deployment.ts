import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { hasCode } from '#errors/cause.ts';
import { liveAt } from '#registry/deployments/live-at.ts';
import { nextDeploymentNumber, type DeploymentOutcome } from '#registry/deployments/deployment.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { DeployConfig } from '#configs/model.ts';
import type { Pair } from '#configs/pair.ts';
import type { Registry } from '#registry/registry.ts';
import { TASK_QUEUES, workflowId } from '#workflows/contract/ids.ts';
import type { ArchiveInput, ConfigsDigest, DeployInput, DeployResult } from '#workflows/contract/messages.ts';
import { callReconciler } from '#workflows/contract/signals.ts';
import { chosenConfigs } from './chosen-configs.ts';
import { withHeartbeat } from './heartbeat.ts';
import { awaitRun, ensureRun } from './shared-runs.ts';

export interface DeploymentDeps {
  readonly client: Client;
  readonly configs: ConfigStore;
  readonly registry: Registry;
}

interface PlannedDeployment {
  readonly deployment: number;
  /** Null if the deployment exists already. */
  readonly terms: DeployConfig | null;
}

interface Named {
  readonly pair: Pair;
  readonly deployment: number;
}

export type DeploymentActivities = ReturnType<typeof createDeploymentActivities>;

export function createDeploymentActivities({ client, configs, registry }: DeploymentDeps) {
  async function readDeployment({ pair, deployment }: Named): Promise<DeploymentOutcome> {
    // In this order: if it goes live in between, the second read also sees the end of the deployment that it replaced.
    const found = await registry.deployment(pair, deployment);
    return registry.outcome(found);
  }

  return {
    readDeployment,

    /**
     * The deployment that brings the version to its pair: the one that exists, or the next number and the terms of the
     * model in the configs that the run was started with.
     */
    async planDeployment(input: {
      readonly pair: Pair;
      readonly version: number;
      readonly configs: ConfigsDigest;
    }): Promise<PlannedDeployment> {
      const { pair } = input;
      const state = await registry.state(pair);
      const mine = [...state.scheduled, ...(state.live === null ? [] : [state.live])];
      const existing = mine.find(({ version }) => version === input.version);
      if (existing !== undefined) return { deployment: existing.deployment, terms: null };
      const { model } = await chosenConfigs(configs, input.configs, pair);
      return { deployment: nextDeploymentNumber(state), terms: model.deploy };
    },

    async scheduleDeployment(
      input: DeployInput & { readonly requested_at: string; readonly command_id: string },
    ): Promise<{ readonly live_at: string }> {
      const { pair, terms } = input;
      const scheduled = await registry.schedule({
        pair,
        deployment: input.deployment,
        version: input.version,
        scheduler: terms.scheduler,
        schedule: terms.schedule,
        timezone: terms.timezone,
        goLive: terms.go_live,
        liveAt: liveAt(input.requested_at, terms.go_live, terms.timezone),
        principal: input.requested_by,
        commandId: input.command_id,
      });
      await callReconciler(client, pair);
      return { live_at: scheduled.live_at };
    },

    /** Cancels a deployment that has not gone live; no-op for one that is live or already ended. */
    async takeBackDeployment(input: Named & { readonly command_id: string }): Promise<void> {
      const { pair, deployment, command_id: commandId } = input;
      const { status, requested_by } = await registry.deployment(pair, deployment);
      if (status !== 'scheduled') return;
      const principal = 'temporal';
      const reason = `Its deploy workflow was cancelled in Temporal, which does not say by whom. ${requested_by} had requested the deployment.`;
      try {
        await registry.cancelDeployment({ pair, deployment, principal, reason, commandId });
      } catch (error) {
        // It went live in the meantime.
        if (hasCode(error, 'DEPLOYMENT_NOT_SCHEDULED')) return;
        throw error;
      }
      await callReconciler(client, pair);
    },

    async nudgeReconciler(pair: Pair): Promise<void> {
      await callReconciler(client, pair);
    },

    /** The registry keeps a deployment for longer than Temporal retains its run. */
    async awaitDeployment({ pair, deployment }: Named): Promise<DeployResult> {
      try {
        return await awaitRun(client, workflowId.deploy(pair, deployment));
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        const result = await readDeployment({ pair, deployment });
        const { status } = result;
        if (status === 'scheduled') throw error;
        return { ...result, status };
      }
    },

    /**
     * Waits for the scores of the deployment's version that were in flight when it was archived, so that readers get
     * whole days.
     */
    async finishScoresInFlight({
      pair,
      deployment,
    }: ArchiveInput): Promise<{ readonly version: number; readonly finished: number }> {
      const { version } = await registry.deployment(pair, deployment);
      const prefix = `score/${pair.model}/${pair.feature_set}/v${version}/`;
      const query = `WorkflowId STARTS_WITH '${prefix}' AND ExecutionStatus = 'Running'`;
      return withHeartbeat(async ({ tell, signal }) => {
        let finished = 0;
        for await (const { workflowId: id, runId } of client.workflow.list({ query })) {
          signal.throwIfAborted();
          tell({ waiting_for: id });
          try {
            await client.withAbortSignal(signal, () => client.workflow.getHandle(id, runId).result());
          } catch (error) {
            // Its outcome does not matter here: success or failure, it is no longer in flight.
            const isOver = error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError;
            if (!isOver) throw signal.aborted ? signal.reason : error;
          }
          finished += 1;
        }
        return { version, finished };
      });
    },

    async noteArchived(input: ArchiveInput & { readonly command_id: string }): Promise<void> {
      const { pair, deployment, command_id: commandId } = input;
      await registry.noteArchived({ pair, deployment, commandId });
    },

    async ensureArchived({ pair, deployment }: Named): Promise<void> {
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
