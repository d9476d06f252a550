import type { Environment } from '#configs/environment.ts';
import type { BuildDeps } from '#features/partitions/build-table.ts';
import { buildTrainingFrame } from '#training/frame.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import { trainingId } from '#training/digest.ts';
import { trainingPrefix } from '#training/record.ts';
import type { TrainingStore } from '#training/store.ts';
import type { Rung } from '#workflows/job-ladder.ts';
import type { TrainingKey } from '#training/key.ts';
import type { TrainingSummary, TrainInput } from '#workflows/contract/messages.ts';
import { type ChosenConfigs, chosenConfigs } from './chosen-configs.ts';
import { withHeartbeat } from './heartbeat.ts';
import { jobKey, runJob, type JobDeps } from './job.ts';
import { readTrainingResult } from '#training/output.ts';
import { requireSameInputs } from '#training/same-inputs.ts';
import { trainingRecord } from '#training/record-of-result.ts';
import { trainingProgram } from '#training/program.ts';
import type { FrameSummary, JobOutput } from '#training/job-types.ts';
import { attemptName, runIdentity } from './run-identity.ts';

export interface TrainingDeps extends JobDeps {
  readonly env: Environment;
  readonly configs: ConfigStore;
  readonly trainings: TrainingStore;
  readonly frames: BuildDeps;
}

export interface JobInput extends TrainInput {
  readonly frame: FrameSummary;
  readonly rung: Rung;
  readonly first_run_id: string;
}

export type TrainingActivities = ReturnType<typeof createTrainingActivities>;

export function createTrainingActivities(deps: TrainingDeps) {
  const { env } = deps;

  /** The documents of a training. Throws `TRAINING_INPUTS_DIFFER` if this worker would train something else with them. */
  async function sameConfigs(input: TrainInput): Promise<ChosenConfigs> {
    const chosen = await chosenConfigs(deps.configs, input.configs, input.key);
    requireSameInputs(input, {
      model: chosen.model,
      definition_digest: chosen.definition_digest,
      partitions: input.partitions,
      trainer_digest: env.MILLRACE_TRAINER_DIGEST,
      lock_digest: env.MILLRACE_TRAINER_LOCK_DIGEST,
    });
    return chosen;
  }

  return {
    async findTraining(key: TrainingKey): Promise<TrainingSummary | null> {
      return (await deps.trainings.find(key)) ?? null;
    },

    async buildFrame(input: TrainInput): Promise<FrameSummary> {
      const { key, partitions } = input;
      const chosen = await sameConfigs(input);
      return withHeartbeat(async ({ tell, signal }) => {
        const frame = await buildTrainingFrame(deps.frames, {
          model: chosen.model,
          configs: chosen.all,
          partitions,
          asOf: key.as_of,
          output: {
            prefix: `${trainingPrefix(key, trainingId(key))}frame/`,
            attempt: attemptName(),
          },
          heartbeat: tell,
          signal,
        });
        return {
          frame: { key: frame.key, sha256: frame.sha256, rows: frame.rows },
          memory_steps: chosen.platform.training.memory_steps,
        };
      });
    },

    /** One rung of the ladder: one external job, from start or adoption to completion. */
    async runTrainingJob(input: JobInput): Promise<JobOutput> {
      const { key, rung } = input;
      // The worker that runs the job may be of another release than the one that built the frame.
      const chosen = await sameConfigs(input);
      const name = jobKey({
        workflow_id: runIdentity().workflow_id,
        first_run_id: input.first_run_id,
        step: 'train',
        attempt: rung.attempt,
        memory_step: rung.memoryStep,
      });
      const prefix = `${trainingPrefix(key, trainingId(key))}attempt=${name}/`;
      const started = performance.now();
      await runJob(
        deps,
        trainingProgram({
          key,
          jobKey: name,
          memoryStep: rung.memoryStep,
          model: chosen.model,
          set: chosen.set,
          platform: chosen.platform,
          frame: input.frame.frame,
          frameUri: deps.objects.uri(input.frame.frame.key),
          outputUri: deps.objects.uri(prefix),
          trainerDigest: env.MILLRACE_TRAINER_DIGEST,
        }),
      );
      return { prefix, job_key: name, seconds: Math.round(performance.now() - started) / 1_000 };
    },

    /** Verifies the job's output, then writes the training's manifest once, as the last step. */
    async commitTraining(input: TrainInput & { readonly output: JobOutput }): Promise<TrainingSummary> {
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

/** What the job ran with, which its worker compared: the worker that commits may be of another release. */
function trainedWith({ parts }: TrainInput): Partial<Environment> {
  if (parts === undefined) return {};
  return { MILLRACE_TRAINER_DIGEST: parts.trainer, MILLRACE_TRAINER_LOCK_DIGEST: parts.lockfile };
}
