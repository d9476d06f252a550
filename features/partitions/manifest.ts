import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import { manifestIn, type ManifestKind } from '#platform/manifests/manifest-store.ts';
import { partitionPrefix, type PartitionManifest, type PartitionRef } from './partition.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

export const partitionRefSchema = z.object({
  feature_set: nameSchema,
  definition_digest: z.string().regex(/^[0-9a-f]{32}$/),
  dt: dateSchema,
  revision: z.int().min(1).max(999_999),
});

export const columnLineageSchema = z.object({
  feature: z.string(),
  sources: z.array(z.string()).meta({ description: 'Raw columns, as source.column.' }),
  expression: z.string().meta({ description: 'What computes it, in Spark SQL.' }),
});

const boundSchema = z.union([z.number(), z.string()]).nullable().exactOptional();

export const checkResultSchema = z.object({
  expectation: z.string(),
  column: z.string().exactOptional(),
  severity: z.enum(['error', 'warn']),
  success: z.boolean(),
  observed: z.number().nullable(),
  kwargs: z.record(z.string(), z.unknown()),
  result: z
    .object({
      element_count: z.int().exactOptional(),
      unexpected_count: z.int().exactOptional(),
      unexpected_percent: z.number().nullable().exactOptional(),
      missing_count: z.int().exactOptional(),
      missing_percent: z.number().nullable().exactOptional(),
      unexpected_percent_total: z.number().nullable().exactOptional(),
      unexpected_percent_nonmissing: z.number().nullable().exactOptional(),
      observed_value: z.number().nullable().exactOptional(),
    })
    .meta({ description: 'Counts by Great Expectations’ names, without values of rows.' }),
});

/** Schema of `manifest.json` in a partition's folder. */
export const partitionManifestSchema = partitionRefSchema.extend({
  parts: z.array(z.object({ key: z.string(), size: z.int(), sha256: sha256Schema, rows: z.int() })).min(1),
  rows: z.int().min(1),
  schema: z.array(z.object({ name: z.string(), type: z.string() })),
  inputs: z.array(
    z.object({
      kind: z.enum(['source', 'partition']),
      name: z.string(),
      dt: partitionRefSchema.shape.dt
        .exactOptional()
        .meta({ description: 'Date of the partition read, if it is an older one than this.' }),
      digest: z.string(),
      files: z.int(),
    }),
  ),
  checks: z.array(checkResultSchema),
  statistics: z.array(
    z.object({
      name: z.string(),
      nulls: z.int(),
      min: boundSchema.meta({ description: 'Smallest value; texts and the entity have none.' }),
      max: boundSchema.meta({ description: 'Largest value.' }),
    }),
  ),
  lineage: z.array(columnLineageSchema),
  engine: z.string(),
  same_rows_as: z
    .int()
    .min(1)
    .exactOptional()
    .meta({ description: 'The first revision with the same rows, if an earlier one has them.' }),
  built_by: z.object({ workflow_id: z.string(), run_id: z.string() }),
  built_at: z.string(),
  build_seconds: z.number().min(0).exactOptional().meta({ description: 'How long the build took.' }),
});

export const partitionManifests: ManifestKind<PartitionRef, PartitionManifest> = {
  title: 'a partition',
  folderOf: partitionPrefix,
  schema: partitionManifestSchema,
  filesOf: ({ parts }) => parts,
  codes: {
    invalid: 'MANIFEST_INVALID',
    missing: 'PART_DIGEST_MISMATCH',
    differs: 'PART_DIGEST_MISMATCH',
  },
  clearsFolder: true,
};

export function manifestKey(ref: PartitionRef): string {
  return manifestIn(partitionPrefix(ref));
}
