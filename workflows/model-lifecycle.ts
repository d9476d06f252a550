import {
  condition,
  continueAsNew,
  defineSignal,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { DeploymentActivities } from '#activities/deployment.ts';
import type { RegistrationActivities } from '#activities/registration.ts';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { hasCode } from '#errors/cause.ts';
import type { Pair } from '#configs/pair.ts';
import { childLabels } from './child-labels.ts';
import { deployModel } from './deploy-model.ts';
import { workflowId } from './contract/ids.ts';
import {
  SIGNALS,
  type DeployResult,
  type LifecycleInput,
  type LifecycleResult,
  type RegisteredVersion,
  type TrainingSummary,
  type Verdict,
} from './contract/messages.ts';
import { STORE_OPTIONS, TURNS_OPTIONS } from './options.ts';
import { registerModel } from './register-model.ts';
import { childOrRunning } from './running-child.ts';
import { searchAttributes } from './contract/search-attributes.ts';
import { trainModel } from './train-model.ts';

export const judged = defineSignal(SIGNALS.judged);

const registry = proxyActivities<RegistrationActivities>(STORE_OPTIONS);
const deployments = proxyActivities<DeploymentActivities>(STORE_OPTIONS);
const watch = proxyActivities<DeploymentActivities>(TURNS_OPTIONS);

/**
 * How long to wait for the signal of a verdict before reading the registry; each wait is twice the one before. The reconciler
 * delivers the verdict too, until it has been heard, so this is the last resort: a run that waits for months stays small.
 */
const FIRST_REREAD_MS = 3_600_000;
const LONGEST_REREAD_MS = 48 * FIRST_REREAD_MS;

const ENDED_AS: Readonly<Record<Verdict, string>> = {
  approve: 'approved',
  reject: 'rejected',
  archive: 'archived',
  withdraw: 'withdrawn',
};

/**
 * Trains, registers, waits for approval, and deploys. Ends when its version is rejected, or live with its predecessor
 * archived.
 */
export async function modelLifecycle(input: LifecycleInput): Promise<LifecycleResult> {
  const pair = { model: input.key.model, feature_set: input.key.feature_set };
  let wake = false;
  setHandler(judged, () => {
    wake = true;
  });

  show('training', 'Training');
  const training = await train(input);
  show('registering', 'Registering');
  const { version } = await register(input, training);
  const verdict = await untilJudged(version);
  if (verdict !== 'approve') {
    show(ENDED_AS[verdict], `Version ${version} is ${ENDED_AS[verdict]}`);
    return { version, verdict, deployment: null, live_from: null };
  }
  show('deploying', `Deploying version ${version}`);
  const live = await deploy(input, pair, version);
  if (live.replaced !== null) await untilArchived(live.replaced);
  show(live.status, `Version ${version} is ${live.status}`);
  return { version, verdict, deployment: live.deployment, live_from: live.live_from };

  async function untilJudged(registered: number): Promise<Verdict> {
    for (let patience = FIRST_REREAD_MS; ; patience = Math.min(2 * patience, LONGEST_REREAD_MS)) {
      wake = false;
      const judgement = await registry.readJudgement.executeWithOptions({ summary: 'Read the verdict' }, [
        { pair, version: registered },
      ]);
      if (judgement !== null) return judgement;
      if (patience === FIRST_REREAD_MS)
        show('waiting', `Version ${registered} waits for approval`, registered);
      // The next run finds training and registration already committed.
      if (workflowInfo().continueAsNewSuggested) return continueAsNew<typeof modelLifecycle>(input);
      await condition(() => wake, patience, { summary: 'Check for a verdict' });
    }
  }

  async function untilArchived(deployment: number): Promise<void> {
    await watch.ensureArchived.executeWithOptions(
      { summary: `Wait for deployment ${deployment} to be archived` },
      [{ pair, deployment }],
    );
  }
}

/** The current state of the lifecycle: as text for readers, and as a search attribute for filters. */
function show(stage: string, details: string, version?: number): void {
  setCurrentDetails(details);
  upsertSearchAttributes(searchAttributes({ stage, ...(version === undefined ? {} : { version }) }));
}

function train(input: LifecycleInput): Promise<TrainingSummary> {
  const { key, configs, partitions, parts, requested_by } = input;
  const id = workflowId.train(key);
  return childOrRunning(id, () =>
    executeChild(trainModel, {
      workflowId: id,
      args: [{ key, configs, partitions, requested_by, ...(parts && { parts }) }],
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
      args: [{ key, configs, manifest: training.manifest, requested_by }],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `Register ${key.model}`,
      ...childLabels({ model: key.model, feature_set: key.feature_set }),
    }),
  );
}

/** Takes the pair's next deployment number; if it is taken in the meantime, the one after it. */
async function deploy(
  { configs, requested_by }: LifecycleInput,
  pair: Pair,
  version: number,
): Promise<DeployResult> {
  for (;;) {
    const { deployment, terms } = await deployments.planDeployment.executeWithOptions(
      { summary: 'Plan the deployment' },
      [{ pair, version, configs }],
    );
    const id = workflowId.deploy(pair, deployment);
    if (terms === null)
      return watch.awaitDeployment.executeWithOptions({ summary: `Wait for ${id}` }, [{ pair, deployment }]);
    try {
      return await executeChild(deployModel, {
        workflowId: id,
        args: [{ pair, version, deployment, terms, requested_by }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `Deploy version ${version} of ${pair.model}`,
        ...childLabels({ ...pair, version }),
      });
    } catch (error) {
      if (!numberIsTaken(error)) throw error;
      await sleep('200ms');
    }
  }
}

function numberIsTaken(error: unknown): boolean {
  if (error instanceof WorkflowExecutionAlreadyStartedError) return true;
  return hasCode(error, 'DEPLOYMENT_NUMBER_TAKEN');
}
