import type { JobProgram } from '#platform/jobs/job-program.ts';
import { importSpec, trainingSpec, type ImportedFile, type SpecInput } from './spec.ts';

export interface TrainingProgramInput extends SpecInput {
  /** Idempotency key of this attempt. */
  readonly jobKey: string;
  /** How many times the memory was doubled. */
  readonly memoryStep: number;
  /** SHA-256 of the trainer's code. */
  readonly trainerDigest: string;
}

/** The program of one training attempt, independent of the backend. */
export function trainingProgram(input: TrainingProgramInput): JobProgram {
  return programOf(input, { verb: 'train', spec: trainingSpec(input) });
}

/** The program that evaluates a model that was trained elsewhere: the same trainer, given its file. */
export function evaluationProgram(input: TrainingProgramInput, imported: ImportedFile): JobProgram {
  return programOf(input, { verb: 'evaluate', spec: importSpec(input, imported) });
}

function programOf(
  input: TrainingProgramInput,
  { verb, spec }: { readonly verb: string; readonly spec: unknown },
): JobProgram {
  const { key, model, platform } = input;
  return {
    key: input.jobKey,
    program: 'millrace_trainer',
    version: input.trainerDigest,
    role: 'training',
    input: spec,
    output: input.outputUri,
    resources: {
      cpu: model.resources.cpu,
      memoryMiB: mebibytes(model.resources.memory) * 2 ** input.memoryStep,
    },
    timeoutSeconds: platform.training.timeout_minutes * 60,
    title: `${verb} ${key.model} as of ${key.as_of}`,
    labels: { model: key.model, feature_set: key.feature_set },
  };
}

function mebibytes(memory: string): number {
  return Number.parseInt(memory, 10) * (memory.endsWith('Gi') ? 1024 : 1);
}
