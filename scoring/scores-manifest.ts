import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import type { NamedColumn } from '#catalog/feature-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ManifestKind } from '#platform/manifests/manifest-store.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import { measureDrift, type DriftThresholds } from './drift.ts';
import { SCORE_FILE_CODES } from './model-files.ts';
import { SCORE_COLUMNS, scoredKeys } from './score-file.ts';
import type { ShardScores } from './score-shard.ts';
import { scoresPrefix, type ScoresManifest, type ScoresRef } from './scores.ts';
import type { Signature } from './signature.ts';
import { mergeTallies } from './tally.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

const scoresRef = {
  model: nameSchema,
  feature_set: nameSchema,
  version: z.int().min(1),
  score_date: dateSchema,
  revision: z.int().min(1),
};

/** `manifest.json` of a scores partition; unknown keys are dropped. */
export const scoresManifestSchema = z.object({
  ...scoresRef,
  partition: z.object({
    feature_set: nameSchema,
    definition_digest: z.string(),
    dt: dateSchema,
    revision: z.int(),
  }),
  parts: z.array(z.object({ key: z.string(), size: count, sha256, rows: count })),
  rows: count,
  declined: count,
  cut_off: z.number(),
  schema: z.array(z.object({ name: z.string(), type: z.string() })),
  drift: z.array(z.object({ name: z.string(), psi: z.number(), level: z.enum(['ok', 'warn', 'alert']) })),
  reason_texts: z.record(z.string(), z.string()),
  mean_probability: z.number(),
  engine: z.literal('onnx'),
  model_sha256: sha256,
  built_by: z.object({ workflow_id: z.string(), run_id: z.string() }),
  built_at: z.iso.datetime(),
});

export const scoresManifests: ManifestKind<ScoresRef, ScoresManifest> = {
  title: 'scores',
  folderOf: scoresPrefix,
  schema: scoresManifestSchema,
  filesOf: ({ parts }) => parts,
  codes: { ...SCORE_FILE_CODES, missing: 'SCORES_PART_GONE', invalid: 'SCORES_MANIFEST_INVALID' },
  clearsFolder: true,
};

export interface ScoresToCommit {
  readonly ref: ScoresRef;
  readonly partition: PartitionRef;
  /** All shards of the plan, in any order. */
  readonly shards: readonly ShardScores[];
  readonly signature: Signature;
  /** Columns of the entity with their types in the features. */
  readonly entity: readonly NamedColumn[];
  readonly cut_off: number;
  readonly thresholds: DriftThresholds;
  readonly reason_texts: Readonly<Record<string, string>>;
  readonly model_sha256: string;
  readonly built_by: ScoresManifest['built_by'];
  readonly built_at: string;
}

/** Aggregates the shards: rows, declined, mean, and drift against the training sample. Pure. Throws `SCORE_PARTITION_EMPTY`. */
export function scoresManifest(input: ScoresToCommit): ScoresManifest {
  const shards = input.shards.toSorted((a, b) => a.index - b.index);
  const rows = sum(shards.map(({ part }) => part.rows));
  const [first, ...rest] = shards.map(({ tally }) => tally);
  if (first === undefined || rows === 0) {
    throw new MillraceError(
      'SCORE_PARTITION_EMPTY',
      `The partition ${input.partition.feature_set} ${input.partition.dt} has no rows.`,
      {
        where: scoresPrefix(input.ref),
      },
    );
  }
  return {
    ...input.ref,
    partition: input.partition,
    parts: shards.map(({ part }) => part),
    rows,
    declined: sum(shards.map(({ declined }) => declined)),
    cut_off: input.cut_off,
    schema: [...scoredKeys(input.entity), ...SCORE_COLUMNS].map(({ name, type }) => ({ name, type })),
    drift: measureDrift(input.signature, rest.reduce(mergeTallies, first), input.thresholds),
    reason_texts: input.reason_texts,
    mean_probability: sum(shards.map(({ probability_sum }) => probability_sum)) / rows,
    engine: 'onnx',
    model_sha256: input.model_sha256,
    built_by: input.built_by,
    built_at: input.built_at,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
