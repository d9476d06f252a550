import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { DeploymentActivities } from '#activities/deployment.ts';
import type { Pair } from '#configs/pair.ts';
import { childLabels } from './child-labels.ts';
import { workflowId } from './contract/ids.ts';
import {
  SIGNALS,
  type Fate,
  type LifecycleInput,
  type LifecycleResult,
  type RegisteredVersion,
  type TrainingSummary,
} from './contract/messages.ts';
import { STORE_OPTIONS, TURNS_OPTIONS } from './options.ts';
import { registerModel } from './register-model.ts';
import { childOrRunning } from './running-child.ts';
import { searchAttributes } from './contract/search-attributes.ts';
import { trainModel } from './train-model.ts';

export const versionChanged = defineSignal(SIGNALS.versionChanged);

const registry = proxyActivities<DeploymentActivities>(STORE_OPTIONS);
const watch = proxyActivities<DeploymentActivities>(TURNS_OPTIONS);

/**
 * How long to wait for a signal before reading the registry; each wait is twice the one before. The reconciler delivers what
 * happens to the version too, until it has been heard, so this is the last resort: a run that waits for months stays small.
 */
const FIRST_REREAD_MS = 3_600_000;
const LONGEST_REREAD_MS = 48 * FIRST_REREAD_MS;

/**
 * Trains, registers, and orders the deployment, which the pair's reconciler carries out once the version is approved. Ends when
 * the version will not be deployed, or is live with its predecessor archived. The registry remembers the order: a version
 * is deployed although its lifecycle was lost.
 */
export async function modelLifecycle(input: LifecycleInput): Promise<LifecycleResult> {
  const pair = { model: input.key.model, feature_set: input.key.feature_set };
  let changed = false;
  setHandler(versionChanged, () => {
    changed = true;
  });

  show('training', 'Training');
  const training = await train(input);
  show('registering', 'Registering');
  const { version, ordered } = await register(input, training);
  try {
    // A version that was registered before. Not cancellable: after a cancellation here, it would be unknown whether there is an order to take back.
    if (ordered === undefined) await CancellationScope.nonCancellable(() => order(input, pair, version));
    const { ended_as, replaced, ...result } = await untilEnd(version);
    if (replaced !== null) await untilArchived(replaced);
    show(ended_as, `Version ${version} is ${ended_as}`, version);
    return { version, verdict: result.verdict, deployment: result.deployment, live_from: result.live_from };
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => takeBack(pair, version));
    throw error;
  }

  async function untilEnd(registered: number): Promise<Extract<Fate, { readonly at: 'end' }>> {
    let shown: Fate['at'] | undefined;
    for (let patience = FIRST_REREAD_MS; ; patience = Math.min(2 * patience, LONGEST_REREAD_MS)) {
      changed = false;
      const fate = await registry.readFate.executeWithOptions({ summary: 'Read the version' }, [
        { pair, version: registered },
      ]);
      if (fate.at === 'end') return fate;
      if (fate.at !== shown) {
        patience = FIRST_REREAD_MS;
        show(fate.at, describe(fate, registered), registered);
        shown = fate.at;
      }
      // The next run finds training, registration and order already committed.
      if (workflowInfo().continueAsNewSuggested) return continueAsNew<typeof modelLifecycle>(input);
      await condition(() => changed, patience, { summary: 'Look at the version again' });
    }
  }

  async function untilArchived(deployment: number): Promise<void> {
    await watch.ensureArchived.executeWithOptions(
      { summary: `Wait for deployment ${deployment} to be archived` },
      [{ pair, deployment }],
    );
  }
}

function describe(fate: Exclude<Fate, { readonly at: 'end' }>, version: number): string {
  if (fate.at === 'waiting') return `Version ${version} waits for approval`;
  return `Version ${version} is approved. ${fate.details}`;
}

/** The current state of the lifecycle: as text for readers, and as a search attribute for filters. */
function show(stage: string, details: string, version?: number): void {
  setCurrentDetails(details);
  upsertSearchAttributes(searchAttributes({ stage, ...(version === undefined ? {} : { version }) }));
}

function train(input: LifecycleInput): Promise<TrainingSummary> {
  const { key, configs, partitions, refresh, parts, requested_by } = input;
  const id = workflowId.train(key);
  return childOrRunning(id, () =>
    executeChild(trainModel, {
      workflowId: id,
      args: [
        { key, configs, partitions, requested_by, ...(parts && { parts }), ...(refresh && { refresh }) },
      ],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `Train ${key.model} as of ${key.as_of}`,
      ...childLabels({ model: key.model, feature_set: key.feature_set }),
    }),
  );
}

function register(input: LifecycleInput, training: TrainingSummary): Promise<RegisteredVersion> {
  const { key, configs, requested_by } = input;
  const id = workflowId.register(key);
  return childOrRunning(id, () =>
    executeChild(registerModel, {
      workflowId: id,
      args: [{ key, configs, manifest: training.manifest, requested_by, deploy: true }],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `Register ${key.model}`,
      ...childLabels({ model: key.model, feature_set: key.feature_set }),
    }),
  );
}

/** Idempotent over resets and new runs of this lifecycle, so that an order which was taken back is not given again. */
function order({ configs, requested_by }: LifecycleInput, pair: Pair, version: number): Promise<void> {
  const { firstExecutionRunId: command_id } = workflowInfo();
  return registry.orderDeployment.executeWithOptions(
    { summary: `Order the deployment of version ${version}` },
    [{ pair, version, configs, requested_by, command_id }],
  );
}

function takeBack(pair: Pair, version: number): Promise<void> {
  // Of this run: after a reset, the order may have been given again.
  const { runId: command_id } = workflowInfo();
  return registry.takeBackOrder.executeWithOptions({ summary: 'Take the order back' }, [
    { pair, version, command_id },
  ]);
}
