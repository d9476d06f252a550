import { log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { WorkOwners } from '#catalog/work-owners.ts';
import type { DagSpecStore } from '#airflow/store.ts';
import { dagSpec } from '#airflow/dag-spec.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { temporalError } from '#platform/temporal/temporal-error.ts';
import type { Tried } from '#registry/attempts.ts';
import { boundedState } from '#registry/bounded-state.ts';
import type { EmittedSpec, PairState, WantedSpec } from '#registry/pair-state.ts';
import type { Registry } from '#registry/registry.ts';
import type { SweepMarks } from '#registry/sweep-marks.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { SIGNALS } from '#workflows/contract/messages.ts';
import { callReconciler, signalIfRunning, startDeployment } from '#workflows/contract/signals.ts';
import { catchUp, ensureScoringSchedule, removeScoringSchedule } from './scoring-schedule.ts';

export interface ReconcileDeps {
  readonly client: Client;
  readonly registry: Registry;
  readonly dagSpecs: DagSpecStore;
  readonly sweeps: SweepMarks;
  readonly owners: WorkOwners;
}

/** Maximum number of pairs per activity of the sweep. */
const PAGE = 100;
/** As far back as a schedule that is not lost makes up for by itself. */
const CATCH_UP_MS = 3 * 24 * 3_600_000;

export type ReconcileActivities = ReturnType<typeof createReconcileActivities>;

export function createReconcileActivities({ client, registry, dagSpecs, sweeps, owners }: ReconcileDeps) {
  /** Since when the schedule was lost, nobody knows. */
  async function makeUpFor(pair: Pair, { start }: WantedSpec): Promise<void> {
    const now = new Date();
    await catchUp(client, pair, new Date(Math.max(Date.parse(start), now.getTime() - CATCH_UP_MS)), now);
  }

  /** A pair whose run takes no more signals keeps the sweep from no other pair. */
  async function callOrSkip(pair: Pair): Promise<void> {
    try {
      await callReconciler(client, pair);
    } catch (error) {
      if (temporalError(error)?.code !== 'TEMPORAL_REFUSED') throw error;
      log.warn('a pair cannot be called', { pair: pairKey(pair), error: String(error) });
    }
  }

  return {
    async readPair(pair: Pair): Promise<PairState> {
      return boundedState(await registry.state(pair));
    },

    /**
     * Carries out the order to deploy an approved version. The promotion does not need the workflow that is started for
     * the deployment: it is what people see, and it calls the reconciler in time.
     */
    async deployApproved(input: {
      readonly pair: Pair;
      readonly version: number;
      readonly approved_at: string;
      readonly requested_at: string;
    }): Promise<void> {
      const { pair, version, approved_at: approvedAt, requested_at: requestedAt } = input;
      const scheduled = await registry.deployApproved({ pair, version, approvedAt, requestedAt });
      if (scheduled === null) return;
      const { deployment, live_at } = scheduled;
      await startDeployment(client, { pair, version, deployment, live_at });
    },

    /** Promotion, archiving of the old version and the audit entries are one registry transaction. */
    async promote(input: {
      readonly pair: Pair;
      readonly deployment: number;
      readonly due_by: string;
    }): Promise<void> {
      const { pair, deployment, due_by: dueBy } = input;
      await registry.promote({ pair, deployment, dueBy, commandId: `promote/${deployment}` });
      await signalIfRunning(client, workflowId.deploy(pair, deployment), SIGNALS.deploymentChanged);
    },

    /** Writes first and records afterwards: after a crash in between, the retry writes the same bytes again. */
    async emitSpec(input: {
      readonly pair: Pair;
      readonly wanted: WantedSpec;
      readonly catch_up: boolean;
      /** Unique to this step of the run, so that a later change back to the same terms is recorded too. */
      readonly command_id: string;
    }): Promise<void> {
      const { pair, wanted, command_id: commandId } = input;
      const spec = dagSpec(pair, wanted);
      await dagSpecs.write(pair, spec);
      const onTemporal = wanted.scheduler === 'temporal';
      const team = onTemporal ? (await owners.ofModel(pair.model))?.team : undefined;
      const schedule_digest = onTemporal ? await ensureScoringSchedule(client, pair, wanted, team) : null;
      if (onTemporal && input.catch_up) await makeUpFor(pair, wanted);
      await registry.recordSpec({
        pair,
        emitted: {
          ...wanted,
          digest: spec.content_hash,
          schedule_digest,
          ...(team === undefined ? {} : { team }),
        },
        commandId,
      });
    },

    async removeSpec(input: {
      readonly pair: Pair;
      readonly emitted: EmittedSpec;
      readonly command_id: string;
    }): Promise<void> {
      const { pair, command_id: commandId } = input;
      await removeScoringSchedule(client, pair);
      await dagSpecs.remove(pair);
      await registry.recordSpec({ pair, emitted: null, commandId });
    },

    /** Records what came of a step, so that it is known to everybody and over restarts. */
    async noteAttempt(input: {
      readonly pair: Pair;
      readonly now: string;
      readonly tried?: Tried;
    }): Promise<void> {
      await registry.noteAttempt(input);
    },

    /** Delivers to the object store and every other listener. */
    async deliverDossier(pair: Pair): Promise<void> {
      await registry.deliverDossier(pair);
    },

    /** One page of the sweep. Calling a pair without work costs one short run. */
    async callDuePairs(input: {
      readonly cursor: string | null;
      readonly now: string;
    }): Promise<{ readonly cursor: string | null; readonly called: number }> {
      const page = await registry.pairsMaybeDue(input.now, {
        limit: PAGE,
        ...(input.cursor === null ? {} : { after: input.cursor }),
      });
      for (const pair of page.items) await callOrSkip(pair);
      if (page.next === undefined) await sweeps.note('reconcile', new Date().toISOString());
      return { cursor: page.next ?? null, called: page.items.length };
    },
  };
}
