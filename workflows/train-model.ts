import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { FeatureActivities } from '#activities/features.ts';
import type { TrainingActivities } from '#activities/training.ts';
import { climbLadder } from './climb-ladder.ts';
import type { FrameSummary } from '#training/job-types.ts';
import type { TrainInput, TrainingSummary } from './contract/messages.ts';
import { inFlight, partitionInput, PARTITIONS_IN_FLIGHT } from './in-flight.ts';
import { onItsHost } from './on-its-host.ts';
import { FEATURES_OPTIONS, STORE_OPTIONS, TURNS_OPTIONS, WATCH_OPTIONS } from './options.ts';
import { throughOutages } from './through-outages.ts';

const store = proxyActivities<TrainingActivities>(STORE_OPTIONS);
const engine = proxyActivities<TrainingActivities>(FEATURES_OPTIONS);
const jobs = proxyActivities<TrainingActivities>(WATCH_OPTIONS);
const shared = proxyActivities<FeatureActivities>(TURNS_OPTIONS);

/** Trains once per training digest and as-of date. A failed gate is a result, not a failure. */
export async function trainModel(input: TrainInput): Promise<TrainingSummary> {
  const committed = await store.findTraining.executeWithOptions({ summary: 'Look for the training' }, [
    input.key,
  ]);
  if (committed !== null) return committed;

  let ready = 0;
  await inFlight(PARTITIONS_IN_FLIGHT, input.partitions, async (ref) => {
    await shared.ensurePartition.executeWithOptions({ summary: `Ensure ${ref.feature_set} ${ref.dt}` }, [
      partitionInput(input, ref),
    ]);
    ready += 1;
    setCurrentDetails(`${ready} of ${input.partitions.length} partitions are ready`);
  });
  const { firstExecutionRunId: first_run_id } = workflowInfo();
  const frame = await throughOutages(() =>
    engine.buildFrame.executeWithOptions({ summary: 'Join features, labels and groups' }, [
      { ...input, first_run_id },
    ]),
  );
  const output = await climbLadder(frame.memory_steps, (rung) =>
    onItsHost((place) =>
      jobs.runTrainingJob.executeWithOptions(
        {
          summary: `Train ${input.key.model} (attempt ${rung.attempt}, memory level ${rung.memoryStep})`,
          ...place,
        },
        [{ ...input, frame, rung, first_run_id }],
      ),
    ),
  );
  const training = await store.commitTraining.executeWithOptions({ summary: 'Verify and commit artifacts' }, [
    { ...input, frame, output },
  ]);
  setCurrentDetails(describe(training, frame));
  return training;
}

function describe(training: TrainingSummary, { frame }: FrameSummary): string {
  const metrics = Object.entries(training.metrics).map(
    ([name, value]) => `| ${name} | ${value.toFixed(4)} |`,
  );
  const gates = training.gates.map((gate) => `- ${gate.passed ? 'passed' : '**failed**'}: ${gate.gate}`);
  const labels = [
    `- ${frame.rows} rows, ${frame.unlabelled} more without a label`,
    ...(frame.waiting_dates === 0 ? [] : [`- ${frame.waiting_dates} newer dates wait for their labels`]),
  ];
  return ['| metric | test |', '|---|---|', ...metrics, '', ...labels, ...gates].join('\n');
}
