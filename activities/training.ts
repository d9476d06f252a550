import type { Environment } from '#configs/environment.ts';
import type { BuildDeps } from '#features/partitions/build-table.ts';
import { buildTrainingFrame } from '#training/frame.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import { trainingId } from '#training/digest.ts';
import { frameOfRun } from '#training/frame-of-run.ts';
import { trainingPrefix } from '#training/record.ts';
import type { TrainingStore } from '#training/store.ts';
import type { TrainingKey } from '#training/key.ts';
import type { ImportInput, TrainingSummary, TrainInput } from '#workflows/contract/messages.ts';
import { chosenConfigs } from './chosen-configs.ts';
import { withHeartbeat } from './heartbeat.ts';
import { runJob, type JobDeps } from './job.ts';
import { readTrainingResult } from '#training/output.ts';
import { trainingRecord } from '#training/record-of-result.ts';
import { trainingProgram } from '#training/program.ts';
import type { FrameSummary, JobOutput } from '#training/job-types.ts';
import { attemptName, runIdentity } from './run-identity.ts';
import { jobProgramInput, type JobTry, sameConfigs, trainedWith } from './training-job.ts';

export interface TrainingDeps extends JobDeps {
  readonly env: Environment;
  readonly configs: ConfigStore;
  readonly trainings: TrainingStore;
  readonly frames: BuildDeps;
}

export type FrameInput = (TrainInput | ImportInput) & Pick<JobTry, 'first_run_id'>;
export type JobInput = TrainInput & JobTry;
export type CommitInput = TrainInput & Pick<JobTry, 'frame'> & { readonly output: JobOutput };

export type TrainingActivities = ReturnType<typeof createTrainingActivities>;

export function createTrainingActivities(deps: TrainingDeps) {
  const { env } = deps;

  return {
    async findTraining(key: TrainingKey): Promise<TrainingSummary | null> {
      return (await deps.trainings.find(key)) ?? null;
    },

    /** Once for each workflow: a run after a reset gets the frame of the run before. */
    async buildFrame(input: FrameInput): Promise<FrameSummary> {
      const { key, partitions, first_run_id } = input;
      const chosen = await sameConfigs(deps, input);
      const { memory_steps } = chosen.platform.training;
      const prefix = `${trainingPrefix(key, trainingId(key))}frame/`;
      const known = frameOfRun(deps.objects, prefix, first_run_id);
      return withHeartbeat(async ({ tell, signal }) => {
        const before = runIdentity().run_id === first_run_id ? undefined : await known.find();
        if (before !== undefined) return { frame: before, memory_steps };
        const built = await buildTrainingFrame(deps.frames, {
          model: chosen.model,
          configs: chosen.all,
          partitions,
          asOf: key.as_of,
          data: chosen.data,
          output: { prefix, attempt: attemptName() },
          heartbeat: tell,
          signal,
        });
        const { key: file, sha256, rows, unlabelled, waiting_dates } = built;
        const frame = await known.remember({ key: file, sha256, rows, unlabelled, waiting_dates });
        return { frame, memory_steps };
      });
    },

    /** One rung of the ladder: one external job, from start or adoption to completion. */
    async runTrainingJob(input: JobInput): Promise<JobOutput> {
      const { program, output, owner } = await jobProgramInput(deps, input, 'train');
      const started = performance.now();
      await runJob(deps, trainingProgram(program), owner);
      return { ...output, seconds: Math.round(performance.now() - started) / 1_000 };
    },

    /** Verifies the job's output, then writes the training's manifest once, as the last step. */
    async commitTraining(input: CommitInput): Promise<TrainingSummary> {
      const { key, output } = input;
      const chosen = await chosenConfigs(deps.configs, input.configs, key);
      const result = await readTrainingResult(deps.objects, output);
      return deps.trainings.commit(
        trainingRecord({
          input,
          model: chosen.model,
          definition_digest: chosen.definition_digest,
          result,
          env: { ...env, ...trainedWith(input) },
          ...runIdentity(),
        }),
      );
    },
  };
}
