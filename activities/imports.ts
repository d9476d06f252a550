import { join } from 'node:path';
import { MillraceError } from '#errors/millrace-error.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import { trainingId } from '#training/digest.ts';
import type { JobOutput } from '#training/job-types.ts';
import { readTrainingResult } from '#training/output.ts';
import { evaluationProgram } from '#training/program.ts';
import { importRecord } from '#training/record-of-result.ts';
import { type Artifact, trainingPrefix } from '#training/record.ts';
import { MODEL_FILE } from '#training/upload.ts';
import type { UploadStore } from '#training/upload-store.ts';
import type { ImportInput, TrainingSummary } from '#workflows/contract/messages.ts';
import { chosenConfigs } from './chosen-configs.ts';
import { withHeartbeat } from './heartbeat.ts';
import { runJob } from './job.ts';
import { runIdentity } from './run-identity.ts';
import type { TrainingDeps } from './training.ts';
import { jobProgramInput, type JobTry, trainedWith } from './training-job.ts';

export interface ImportDeps extends Omit<TrainingDeps, 'frames'> {
  readonly uploads: UploadStore;
  /** Local folder for files in passing. */
  readonly scratch: string;
}

export interface EvaluationInput extends ImportInput, JobTry {
  /** The copies of the uploaded files. */
  readonly files: readonly Artifact[];
}

export interface CommitImportInput extends ImportInput, Pick<JobTry, 'frame'> {
  readonly output: JobOutput;
  readonly files: readonly Artifact[];
}

export type ImportActivities = ReturnType<typeof createImportActivities>;

export function createImportActivities(deps: ImportDeps) {
  const { objects, uploads } = deps;
  return {
    /**
     * Verifies every uploaded file and copies it to the folder of the training, out of reach of its sender. Throws
     * `UPLOAD_INCOMPLETE`, `UPLOAD_SIZE_MISMATCH`, `UPLOAD_DIGEST_MISMATCH`.
     */
    async acceptUpload({ key, upload }: ImportInput): Promise<readonly Artifact[]> {
      await uploads.checkArrived(key, upload);
      return withHeartbeat(() =>
        withScratchFolder(deps.scratch, async (folder) => {
          const copies: Artifact[] = [];
          for (const file of upload.files) {
            const path = join(folder, file.name);
            await uploads.download(key, upload.upload, file, path);
            const copy = `${trainingPrefix(key, trainingId(key))}imported/${file.name}`;
            await objects.putFile(copy, path);
            copies.push({ ...file, key: copy });
          }
          return copies;
        }),
      );
    },

    /** One rung of the ladder: one external job, from start or adoption to completion. */
    async runEvaluationJob(input: EvaluationInput): Promise<JobOutput> {
      const { program, output, owner } = await jobProgramInput(deps, input, 'evaluate');
      const { key, sha256 } = modelOf(input.files);
      await runJob(deps, evaluationProgram(program, { uri: objects.uri(key), sha256 }), owner);
      return output;
    },

    /** Verifies the job's output, then writes the manifest once, as the last step. */
    async commitImport(input: CommitImportInput): Promise<TrainingSummary> {
      const { key, configs, output, files, upload, notes } = input;
      const chosen = await chosenConfigs(deps.configs, configs, key);
      const result = await readTrainingResult(objects, output);
      const evaluated = result.artifacts.find(({ name }) => name === MODEL_FILE);
      if (evaluated?.sha256 !== modelOf(files).sha256)
        throw new MillraceError(
          'JOB_OUTPUT_INVALID',
          'The job evaluated another model than the uploaded one.',
          {
            where: output.prefix,
          },
        );
      return deps.trainings.commit(
        importRecord(
          {
            input,
            model: chosen.model,
            definition_digest: chosen.definition_digest,
            result,
            env: { ...deps.env, ...trainedWith(input) },
            ...runIdentity(),
          },
          { upload: upload.upload, uploaded_by: upload.created_by, notes },
          files.filter(({ name }) => name !== MODEL_FILE),
        ),
      );
    },
  };
}

function modelOf(files: readonly Artifact[]): Artifact {
  const model = files.find(({ name }) => name === MODEL_FILE);
  if (model === undefined) throw new TypeError(`The upload holds no ${MODEL_FILE}.`);
  return model;
}
