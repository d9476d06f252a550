import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import { partitionRefSchema } from '#features/partitions/manifest.ts';
import type { ManifestKind } from '#platform/manifests/manifest-store.ts';
import type { Pair } from '#configs/pair.ts';
import { trainingId, type TrainingParts } from './digest.ts';
import { ARTIFACT_CODES, trainingPrefix, type TrainingRecord } from './record.ts';

export type TrainingName = Pair & Parameters<typeof trainingId>[0];

const count = z.int().min(0);

const trainingPartsSchema = z.object({
  model: z.string(),
  features: z.string(),
  monotonic: z.string(),
  partitions: z.string(),
  label_source: z.string(),
  label_data: z.string(),
  fairness_source: z.string(),
  fairness_data: z.string().nullable(),
  trainer: z.string(),
  lockfile: z.string(),
}) satisfies z.ZodType<TrainingParts>;

/** Schema of `manifest.json` in a training's folder. */
const trainingRecordSchema = z.object({
  model: nameSchema,
  feature_set: nameSchema,
  training_id: z.string(),
  training_digest: z.string(),
  as_of: dateSchema,
  requested_by: z.string(),
  definition_digest: z.string(),
  config_digest: z.string(),
  configs: z.string(),
  partitions: z.array(partitionRefSchema),
  parts: trainingPartsSchema.exactOptional(),
  artifacts: z.array(z.object({ name: z.string(), key: z.string(), size: count, sha256: z.string() })),
  metrics: z.record(z.string(), z.number()),
  gates: z.array(
    z.object({
      gate: z.string(),
      value: z.number().nullable(),
      min: z.number().exactOptional(),
      max: z.number().exactOptional(),
      passed: z.boolean(),
    }),
  ),
  engine: z.literal('onnx'),
  cut_off: z.number(),
  rows: z.object({ train: count, test: count, unlabelled: count.exactOptional() }),
  waiting_dates: count.exactOptional(),
  origin: z.object({ upload: z.string(), uploaded_by: z.string(), notes: z.string() }).exactOptional(),
  build: z.object({
    trainer_digest: z.string(),
    lock_digest: z.string(),
    code_commit: z.string(),
    seed: z.number(),
    workflow_id: z.string(),
    run_id: z.string(),
    job_key: z.string(),
    seconds: z.number().min(0).exactOptional(),
  }),
});

export const trainingManifests: ManifestKind<TrainingName, TrainingRecord> = {
  title: 'a training',
  folderOf: (name) => trainingPrefix(name, trainingId(name)),
  schema: trainingRecordSchema,
  filesOf: ({ artifacts }) => artifacts,
  codes: { ...ARTIFACT_CODES, invalid: 'MANIFEST_INVALID' },
  // Files are kept, because a job of another run may still read its frame and a repeated commit reads `result.json` again.
  clearsFolder: false,
};
