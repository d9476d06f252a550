import {
  continueAsNew,
  defineSignal,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  ParentClosePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { ReconcileActivities } from '#activities/reconcile.ts';
import type { Pair } from '#configs/pair.ts';
import { type Action, decide } from '#registry/reconcile.ts';
import { archiveModel } from './archive-model.ts';
import { workflowId } from './contract/ids.ts';
import { SIGNALS, type ReconcileInput } from './contract/messages.ts';
import { STORE_OPTIONS } from './options.ts';

export const pairChanged = defineSignal(SIGNALS.pairChanged);

const registry = proxyActivities<ReconcileActivities>(STORE_OPTIONS);

/**
 * The only workflow that promotes, emits and removes specs for a pair. Started by signal-with-start after every
 * registry write; ends when the pair matches the registry. Work due later is triggered by the deployment's own timer,
 * or by the sweep if that is lost.
 */
export async function reconcilePair(input: ReconcileInput): Promise<void> {
  const { pair } = input;
  let changed = true;
  setHandler(pairChanged, () => {
    changed = true;
  });

  const archiving: number[] = [];
  while (changed) {
    changed = false;
    const state = await registry.readPair.executeWithOptions({ summary: 'Read the pair' }, [pair]);
    const actions = decide(state, now(), archiving);
    for (const action of actions) {
      const acted = await perform(pair, action, archiving);
      changed = changed || acted;
    }
    if (changed && workflowInfo().continueAsNewSuggested) return continueAsNew<typeof reconcilePair>(input);
  }
  setCurrentDetails('The pair matches the registry.');
}

/** True if the state must be read again afterwards. */
async function perform(pair: Pair, action: Action, archiving: number[]): Promise<boolean> {
  switch (action.kind) {
    case 'promote':
      await registry.promote.executeWithOptions({ summary: `Promote version ${action.version}` }, [
        { pair, deployment: action.deployment, due_by: now() },
      ]);
      return true;
    case 'emit_spec':
      await registry.emitSpec.executeWithOptions({ summary: 'Write schedule and DAG spec' }, [
        { pair, wanted: action.wanted, command_id: `emit/${now()}` },
      ]);
      return true;
    case 'remove_spec':
      await registry.removeSpec.executeWithOptions({ summary: 'Remove schedule and DAG spec' }, [
        { pair, emitted: action.emitted, command_id: `remove/${now()}` },
      ]);
      return true;
    case 'deliver_dossier':
      await registry.deliverDossier.executeWithOptions(
        { summary: `Deliver dossier entries ${action.from} to ${action.through}` },
        [pair],
      );
      return false;
    case 'start_archive':
      await startArchive(pair, action.deployment, action.version);
      archiving.push(action.deployment);
      return false;
    case 'wait':
      return false;
  }
}

async function startArchive(pair: Pair, deployment: number, version: number): Promise<void> {
  try {
    await startChild(archiveModel, {
      workflowId: workflowId.archive(pair, deployment),
      args: [{ pair, deployment }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Archive version ${version} of ${pair.model}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

function now(): string {
  return new Date().toISOString();
}
