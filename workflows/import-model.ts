import { executeChild, ParentClosePolicy, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { FeatureActivities } from '#activities/features.ts';
import type { ImportActivities } from '#activities/imports.ts';
import type { TrainingActivities } from '#activities/training.ts';
import { childLabels } from './child-labels.ts';
import { climbLadder } from './climb-ladder.ts';
import { workflowId } from './contract/ids.ts';
import type { ImportInput, RegisteredVersion, TrainingSummary } from './contract/messages.ts';
import { inFlight, partitionInput, PARTITIONS_IN_FLIGHT } from './in-flight.ts';
import { onItsHost } from './on-its-host.ts';
import { FEATURES_OPTIONS, STORE_OPTIONS, TURNS_OPTIONS, WATCH_OPTIONS } from './options.ts';
import { throughOutages } from './through-outages.ts';
import { registerModel } from './register-model.ts';
import { childOrRunning } from './running-child.ts';

const trainings = proxyActivities<TrainingActivities>(STORE_OPTIONS);
const store = proxyActivities<ImportActivities>(STORE_OPTIONS);
const engine = proxyActivities<TrainingActivities>(FEATURES_OPTIONS);
const jobs = proxyActivities<ImportActivities>(WATCH_OPTIONS);
const shared = proxyActivities<FeatureActivities>(TURNS_OPTIONS);

/** Verifies an uploaded model, evaluates it as a training of the pair would be, and registers it as the next version. */
export async function importModel(input: ImportInput): Promise<RegisteredVersion> {
  const { key, configs, requested_by } = input;
  const committed = await trainings.findTraining.executeWithOptions({ summary: 'Look for the evaluation' }, [
    key,
  ]);
  const { manifest } = committed ?? (await evaluate(input));
  const id = workflowId.register(key);
  return childOrRunning(id, () =>
    executeChild(registerModel, {
      workflowId: id,
      args: [{ key, configs, manifest, requested_by }],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `Register ${key.model}`,
      ...childLabels({ model: key.model, feature_set: key.feature_set }),
    }),
  );
}

async function evaluate(input: ImportInput): Promise<TrainingSummary> {
  const { key, partitions } = input;
  const files = await store.acceptUpload.executeWithOptions({ summary: 'Verify and copy the upload' }, [
    input,
  ]);
  await inFlight(PARTITIONS_IN_FLIGHT, partitions, (ref) =>
    shared.ensurePartition.executeWithOptions({ summary: `Ensure ${ref.feature_set} ${ref.dt}` }, [
      partitionInput(input, ref),
    ]),
  );
  const { firstExecutionRunId: first_run_id } = workflowInfo();
  const frame = await throughOutages(() =>
    engine.buildFrame.executeWithOptions({ summary: 'Join features, labels and groups' }, [
      { ...input, first_run_id },
    ]),
  );
  const output = await climbLadder(frame.memory_steps, (rung) =>
    onItsHost((place) =>
      jobs.runEvaluationJob.executeWithOptions(
        {
          summary: `Evaluate ${key.model} (attempt ${rung.attempt}, memory level ${rung.memoryStep})`,
          ...place,
        },
        [{ ...input, frame, rung, first_run_id, files }],
      ),
    ),
  );
  return store.commitImport.executeWithOptions({ summary: 'Verify and commit artifacts' }, [
    { ...input, frame, output, files },
  ]);
}
