import type { Environment } from '#configs/environment.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { type TrainingData, trainingData, trainingDefinitions } from '#training/definitions.ts';
import { trainingId } from '#training/digest.ts';
import type { FrameSummary, JobOutput } from '#training/job-types.ts';
import type { TrainingProgramInput } from '#training/program.ts';
import { trainingPrefix } from '#training/record.ts';
import { requireSameInputs } from '#training/same-inputs.ts';
import type { ImportInput, TrainInput } from '#workflows/contract/messages.ts';
import type { Rung } from '#workflows/job-ladder.ts';
import { type ChosenConfigs, chosenConfigs } from './chosen-configs.ts';
import type { JobOwner } from './job-admission.ts';
import { jobKey } from './job.ts';
import { runIdentity } from './run-identity.ts';

export interface TrainingJobDeps {
  readonly env: Environment;
  readonly configs: ConfigStore;
  readonly objects: ObjectStore;
}

/** Of one try of a job. */
export interface JobTry {
  readonly frame: FrameSummary;
  readonly rung: Rung;
  readonly first_run_id: string;
}

/**
 * The documents of a training, or of the evaluation of an uploaded model. Throws `TRAINING_INPUTS_DIFFER` if this worker
 * would work on something else with them.
 */
export async function sameConfigs(
  { env, configs, objects }: TrainingJobDeps,
  input: TrainInput | ImportInput,
): Promise<ChosenConfigs & { readonly data: TrainingData }> {
  const chosen = await chosenConfigs(configs, input.configs, input.key);
  const at = { date: input.key.as_of, zone: chosen.set.partition.time_zone };
  const data = dataAsked(input) ?? (await trainingData({ objects }, chosen.model, chosen.all, at));
  requireSameInputs(input, {
    model: chosen.model,
    definitions: trainingDefinitions(chosen.model, chosen.set, chosen.all),
    data,
    definition_digest: chosen.definition_digest,
    partitions: input.partitions,
    trainer_digest: env.MILLRACE_TRAINER_DIGEST,
    lock_digest: env.MILLRACE_TRAINER_LOCK_DIGEST,
  });
  return { ...chosen, data };
}

/** What the requester saw in the sources of label and fairness; undefined if it recorded nothing. */
function dataAsked({ parts }: TrainInput): TrainingData | undefined {
  return parts && { label: parts.label_data, fairness: parts.fairness_data };
}

/** What one try of a job runs with, where it writes, and for whom. `step` tells jobs of one workflow apart. */
export async function jobProgramInput(
  deps: TrainingJobDeps,
  input: (TrainInput | ImportInput) & JobTry,
  step: string,
): Promise<{
  readonly program: TrainingProgramInput;
  readonly output: JobOutput;
  readonly owner: JobOwner;
}> {
  const { key, frame, rung, first_run_id } = input;
  // The worker that runs the job may be of another release than the one that built the frame.
  const { model, set, platform } = await sameConfigs(deps, input);
  const job_key = jobKey({
    workflow_id: runIdentity().workflow_id,
    first_run_id,
    step,
    attempt: rung.attempt,
    memory_step: rung.memoryStep,
  });
  const prefix = `${trainingPrefix(key, trainingId(key))}attempt=${job_key}/`;
  const program = {
    key,
    jobKey: job_key,
    memoryStep: rung.memoryStep,
    model,
    set,
    platform,
    frame: frame.frame,
    frameUri: deps.objects.uri(frame.frame.key),
    outputUri: deps.objects.uri(prefix),
    trainerDigest: deps.env.MILLRACE_TRAINER_DIGEST,
  };
  return { program, output: { prefix, job_key }, owner: { team: model.owner, first_run_id } };
}

/** What the job ran with, which its worker compared: the worker that commits may be of another release. */
export function trainedWith({ parts }: TrainInput): Partial<Environment> {
  if (parts === undefined) return {};
  return { MILLRACE_TRAINER_DIGEST: parts.trainer, MILLRACE_TRAINER_LOCK_DIGEST: parts.lockfile };
}
