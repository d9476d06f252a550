import {
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  ParentClosePolicy,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { ReconcileActivities } from '#activities/reconcile.ts';
import { causes, findCause } from '#errors/cause.ts';
import type { Pair } from '#configs/pair.ts';
import { failingSteps, type AttemptError } from '#registry/attempts.ts';
import type { PairState } from '#registry/pair-state.ts';
import { decide, type Step } from '#registry/reconcile.ts';
import { archiveModel } from './archive-model.ts';
import { childLabels } from './child-labels.ts';
import { workflowId } from './contract/ids.ts';
import { SIGNALS, type ReconcileInput } from './contract/messages.ts';
import { searchAttributes } from './contract/search-attributes.ts';
import { STEP_OPTIONS, STORE_OPTIONS } from './options.ts';

export const pairChanged = defineSignal(SIGNALS.pairChanged);

const registry = proxyActivities<ReconcileActivities>(STORE_OPTIONS);
const world = proxyActivities<ReconcileActivities>(STEP_OPTIONS);

/**
 * The only workflow that promotes, emits and removes specs for a pair. Started by signal-with-start after every
 * registry write; ends when the pair matches the registry. Work due later is triggered by the deployment's own timer,
 * or by the sweep if that is lost.
 *
 * Lanes are independent: a step that fails or hangs stops those behind it in its lane only. What came of it is recorded on the
 * pair, and the run stays open until its next try.
 */
export async function reconcilePair(input: ReconcileInput): Promise<void> {
  const { pair } = input;
  const busy = new Set<string>();
  let changed = true;
  let broken: { readonly error: unknown } | undefined;
  setHandler(pairChanged, () => {
    changed = true;
  });

  for (;;) {
    changed = false;
    const state = await registry.readPair.executeWithOptions({ summary: 'Read the pair' }, [pair]);
    show(state);
    const { steps, next, settled } = decide(state, now());
    if (settled.length > 0) await forget(pair);
    for (const [lane, inLane] of Map.groupBy(steps, (step) => step.lane)) {
      if (busy.has(lane)) continue;
      busy.add(lane);
      void takeSteps(pair, inLane)
        .catch((error: unknown) => {
          broken ??= { error };
        })
        .finally(() => {
          busy.delete(lane);
          changed = true;
        });
    }
    if (busy.size === 0 && !changed) {
      const failing = failingSteps(state.attempts).filter(({ step }) => !settled.includes(step));
      if (next === undefined || failing.length === 0) break;
      await condition(() => changed, Math.max(0, Date.parse(next) - Date.now()), {
        summary: `Try again at ${next}`,
      });
    } else await condition(() => changed);
    // An attempt that cannot be recorded would be made again at once; so this run ends, and the sweep starts another.
    if (broken !== undefined) throw broken.error;
    if (busy.size === 0 && workflowInfo().continueAsNewSuggested)
      return continueAsNew<typeof reconcilePair>(input);
  }
  setCurrentDetails('The pair matches the registry.');
}

/** Takes the steps of one lane; what fails, and what takes effect only later, is recorded. Throws what keeps it from being recorded. */
async function takeSteps(pair: Pair, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    const error = await failureOf(() => takeStep(pair, step));
    if (error === 'cancelled') return;
    if (error !== undefined || step.kind === 'start_archive') await note(pair, step, error);
    if (error !== undefined) return;
  }
}

async function takeStep(pair: Pair, step: Step): Promise<void> {
  switch (step.kind) {
    case 'deploy_approved':
      return deployApproved(pair, step);
    case 'promote':
      return world.promote.executeWithOptions({ summary: `Promote version ${step.version}` }, [
        { pair, deployment: step.deployment, due_by: now() },
      ]);
    case 'emit_spec':
      return world.emitSpec.executeWithOptions({ summary: 'Write schedule and DAG spec' }, [
        { pair, wanted: step.wanted, catch_up: step.catch_up, command_id: `emit/${now()}` },
      ]);
    case 'remove_spec':
      return world.removeSpec.executeWithOptions({ summary: 'Remove schedule and DAG spec' }, [
        { pair, emitted: step.emitted, command_id: `remove/${now()}` },
      ]);
    case 'deliver_dossier':
      return world.deliverDossier.executeWithOptions(
        { summary: `Deliver dossier entries ${step.from} to ${step.through}` },
        [pair],
      );
    case 'start_archive':
      return startArchive(pair, step.deployment, step.version);
  }
}

async function deployApproved(
  pair: Pair,
  { version, approved_at }: Extract<Step, { readonly kind: 'deploy_approved' }>,
): Promise<void> {
  return world.deployApproved.executeWithOptions(
    { summary: `Deploy version ${version}, which is approved` },
    [{ pair, version, approved_at, requested_at: now() }],
  );
}

async function startArchive(pair: Pair, deployment: number, version: number): Promise<void> {
  try {
    await startChild(archiveModel, {
      workflowId: workflowId.archive(pair, deployment),
      args: [{ pair, deployment }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Archive version ${version} of ${pair.model}`,
      ...childLabels({ ...pair, version }),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

async function failureOf(take: () => Promise<void>): Promise<AttemptError | 'cancelled' | undefined> {
  try {
    await take();
    return undefined;
  } catch (error) {
    if (isCancellation(error)) return 'cancelled';
    const cause = findCause(error);
    if (cause !== undefined) return { code: cause.code, message: cause.error.message };
    // A time-out, which has no code of its own: the innermost message says of what.
    return { code: 'INTERNAL', message: [...causes(error)].at(-1)?.message ?? String(error) };
  }
}

function note(pair: Pair, { lane, subject }: Step, error: AttemptError | undefined): Promise<void> {
  const at = now();
  const tried = { lane, subject, at, ...(error === undefined ? {} : { error }) };
  return registry.noteAttempt.executeWithOptions({ summary: `Record the attempt: ${lane}` }, [
    { pair, now: at, tried },
  ]);
}

function forget(pair: Pair): Promise<void> {
  return registry.noteAttempt.executeWithOptions({ summary: 'Forget attempts that are settled' }, [
    { pair, now: now() },
  ]);
}

/** As text for readers, and as a search attribute for filters. */
function show({ attempts }: PairState): void {
  const failing = failingSteps(attempts);
  if (failing.length === 0) return;
  upsertSearchAttributes(searchAttributes({ stage: 'failing' }));
  setCurrentDetails(
    failing
      .map(
        ({ step, since, tries, next_try, code, message }) =>
          `${step} has failed since ${since} (tries: ${tries}, next at ${next_try}): ${code}: ${message}`,
      )
      .join('\n'),
  );
}

function now(): string {
  return new Date().toISOString();
}
