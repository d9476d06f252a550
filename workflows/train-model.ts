import { proxyActivities, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import { findCause } from '#errors/cause.ts';
import type { FeatureActivities } from '#activities/features.ts';
import type { TrainingActivities } from '#activities/training.ts';
import type { FrameSummary, JobOutput } from '#training/job-types.ts';
import { FIRST_RUNG, nextRung, type Rung } from './job-ladder.ts';
import type { TrainInput, TrainingSummary } from './contract/messages.ts';
import { FEATURES_OPTIONS, STORE_OPTIONS, TURNS_OPTIONS, WATCH_OPTIONS } from './options.ts';

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

  await Promise.all(
    input.partitions.map((ref) =>
      shared.ensurePartition.executeWithOptions({ summary: `Ensure ${ref.feature_set} ${ref.dt}` }, [
        { ref, configs: input.configs },
      ]),
    ),
  );
  const frame = await engine.buildFrame.executeWithOptions({ summary: 'Join features, labels and groups' }, [
    input,
  ]);
  const output = await runJob(input, frame);
  const training = await store.commitTraining.executeWithOptions({ summary: 'Verify and commit artifacts' }, [
    { ...input, output },
  ]);
  setCurrentDetails(describe(training));
  return training;
}

async function runJob(input: TrainInput, frame: FrameSummary): Promise<JobOutput> {
  for (let rung: Rung = FIRST_RUNG; ;) {
    try {
      return await jobs.runTrainingJob.executeWithOptions(
        { summary: `Train ${input.key.model} (attempt ${rung.attempt}, memory level ${rung.memoryStep})` },
        [{ ...input, frame, rung, first_run_id: workflowInfo().firstExecutionRunId }],
      );
    } catch (error) {
      const next = nextRung(findCause(error)?.code, rung, frame.memory_steps);
      if (next === undefined) throw error;
      await sleep(`${next.attempt} seconds`, { summary: 'Pause before the next attempt' });
      rung = next;
    }
  }
}

function describe(training: TrainingSummary): string {
  const metrics = Object.entries(training.metrics).map(
    ([name, value]) => `| ${name} | ${value.toFixed(4)} |`,
  );
  const gates = training.gates.map((gate) => `- ${gate.passed ? 'passed' : '**failed**'}: ${gate.gate}`);
  return ['| metric | test |', '|---|---|', ...metrics, '', ...gates].join('\n');
}
